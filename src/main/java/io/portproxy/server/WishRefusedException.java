package io.portproxy.server;

import io.portproxy.protocol.ExposeRefusal;

/** Nothing is given to a remote that asks for it, for what the message says. */
final class WishRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExposeRefusal reason;

    WishRefusedException(ExposeRefusal reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    ExposeRefusal reason() {
        return reason;
    }
}
