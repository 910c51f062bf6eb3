package io.portproxy.net.tls;

import java.io.IOException;

/** Reports that a peer does not speak TLS. The message is a phrase that says what the peer seems to be. */
final class NotTlsException extends IOException {
    private static final long serialVersionUID = 1L;

    NotTlsException(String what) {
        super(what);
    }
}
