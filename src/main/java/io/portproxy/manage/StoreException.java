package io.portproxy.manage;

/** The store cannot be read or written now. The message says why, in words for people, and contains no secret. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
