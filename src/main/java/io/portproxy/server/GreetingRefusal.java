package io.portproxy.server;

import java.util.Locale;

/** The reason why the server refused a connection to the tunnel port. */
public enum GreetingRefusal {
    /** Too many connections were greeting. This one was the oldest of the address that had the most of them. */
    CROWDED_OUT,
    /** The TLS handshake failed. */
    TLS,
    /**
     * The connection must begin with a header of the PROXY protocol, because of its address. The header was wrong, or
     * not there in time.
     */
    PROXY_HEADER,
    /** The address of the peer is banned. */
    BANNED,
    /** The greeting was wrong, not allowed, or not complete in time. */
    GREETING;

    /** The name in metrics, as in {@code crowded_out}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
