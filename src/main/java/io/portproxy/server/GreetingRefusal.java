package io.portproxy.server;

import java.util.Locale;

/** Why a connection to the tunnel port came to nothing. */
public enum GreetingRefusal {
    /** As many were greeting as may, most of them from its own address. */
    MAX_GREETINGS,
    /** It made room for one of another address, as most of those that were greeting came from its own. */
    CROWDED_OUT,
    /** The TLS handshake failed. */
    TLS,
    /** What it said was wrong, not allowed, or not said in time. */
    GREETING;

    /** The name in metrics, as in {@code max_greetings}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
