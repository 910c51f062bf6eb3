package io.portproxy.manage;

/** There is no store, so nothing can be changed but in files. The message says how to get one. */
public final class NoStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoStoreException(String message) {
        super(message);
    }
}
