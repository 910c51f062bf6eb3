package io.portproxy.acme;

import java.util.Locale;

/** The ways in which the authority checks that a name leads to this server. */
public enum ChallengeType {
    /** With a TLS handshake on port 443 (RFC 8737). */
    TLS_ALPN_01,
    /** With an HTTP request to port 80 (RFC 8555, section 8.3). */
    HTTP_01;

    /** Returns the name in the protocol, for example {@code http-01}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
