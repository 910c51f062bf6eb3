package io.portproxy.manage;

/** A remote, port or token that is to be changed is not there; nothing has changed. */
public final class NoSuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoSuchException(String message) {
        super(message);
    }
}
