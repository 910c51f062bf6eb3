package io.portproxy.server;

import java.util.Locale;

/** Why a connection to the tunnel port came to nothing. */
public enum GreetingRefusal {
    /** As many were greeting as may, and it was the oldest of the address from which most of them came. */
    CROWDED_OUT,
    /** The TLS handshake failed. */
    TLS,
    /** It came from an address whose connections begin with a header of the PROXY protocol, and that was not right, or not there in time. */
    PROXY_HEADER,
    /** Its address is banned. */
    BANNED,
    /** What it said was wrong, not allowed, or not said in time. */
    GREETING;

    /** The name in metrics, as in {@code crowded_out}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
