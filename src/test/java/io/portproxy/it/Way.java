package io.portproxy.it;

/** The ways in which a remote and a proxy server can speak with each other, for tests that run with each of them. */
enum Way {
    /** The classic dialect, as existing peers speak it. */
    CLASSIC("classic", false),
    /** The extended dialect with a token. */
    EXTENDED("extended", false),
    /** The extended dialect with a token, over TLS. */
    EXTENDED_OVER_TLS("extended", true);

    private final String protocol;
    private final boolean tls;

    Way(String protocol, boolean tls) {
        this.protocol = protocol;
        this.tls = tls;
    }

    /** Returns the value of {@code portproxy.client.protocol}. */
    String protocol() {
        return protocol;
    }

    /** Returns whether it has what the classic dialect lacks: tokens, half-close and resets. */
    boolean isExtended() {
        return this != CLASSIC;
    }

    /** Returns whether the tunnel is encrypted. */
    boolean isTls() {
        return tls;
    }
}
