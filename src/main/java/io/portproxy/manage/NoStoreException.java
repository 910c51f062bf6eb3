package io.portproxy.manage;

/** There is nothing to keep a change in, because nobody asked for it, or because it was declined. The message says how to get it. */
public final class NoStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message why there is none, and how to get one */
    public NoStoreException(String message) {
        super(message);
    }
}
