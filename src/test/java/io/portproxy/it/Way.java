package io.portproxy.it;

/** How a remote and a proxy server speak with each other, for tests of what holds in every way of it. */
enum Way {
    /** As existing peers do. */
    CLASSIC("classic", false),
    /** With a token. */
    EXTENDED("extended", false),
    /** With a token, over TLS. */
    EXTENDED_OVER_TLS("extended", true);

    private final String protocol;
    private final boolean tls;

    Way(String protocol, boolean tls) {
        this.protocol = protocol;
        this.tls = tls;
    }

    /** What {@code portproxy.client.protocol} says. */
    String protocol() {
        return protocol;
    }

    /** Whether it has what the classic dialect lacks: tokens, half-close, resets. */
    boolean isExtended() {
        return this != CLASSIC;
    }

    /** Whether the tunnel is encrypted. */
    boolean isTls() {
        return tls;
    }
}
