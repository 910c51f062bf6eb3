package io.portproxy.net.tls;

import java.io.IOException;

/** A peer does not speak TLS; the message is a phrase that says what it seems to be. */
final class NotTlsException extends IOException {
    private static final long serialVersionUID = 1L;

    NotTlsException(String what) {
        super(what);
    }
}
