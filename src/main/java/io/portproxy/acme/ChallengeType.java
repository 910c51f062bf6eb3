package io.portproxy.acme;

import java.util.Locale;

/** How the authority is shown that a name leads here. */
public enum ChallengeType {
    /** By a TLS handshake on port 443 (RFC 8737). */
    TLS_ALPN_01,
    /** By a request on port 80 (RFC 8555, section 8.3). */
    HTTP_01;

    /** Its name on the wire, as in {@code http-01}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
