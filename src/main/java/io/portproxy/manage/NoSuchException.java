package io.portproxy.manage;

/** The thing to change does not exist: for example, a gateway, remote, port, host, user or token. Nothing has changed. */
public final class NoSuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoSuchException(String message) {
        super(message);
    }
}
