package io.portproxy.manage;

/**
 * There is no store that could keep a change: {@code portproxy.store} is {@code none}, or the default folder cannot be used. The message
 * says how to get a store.
 */
public final class NoStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message why there is no store, and how to get one */
    public NoStoreException(String message) {
        super(message);
    }
}
