package io.portproxy.server;

import io.portproxy.protocol.ExposeRefusal;

/** The refusal of a request for a port or host. The message says why. */
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
