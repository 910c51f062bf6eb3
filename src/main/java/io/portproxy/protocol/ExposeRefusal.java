package io.portproxy.protocol;

import java.util.Locale;

/** The reasons for which a proxy server does not expose what a remote asks for (protocol.md, 2.8). */
public enum ExposeRefusal {
    /** The remote has no grant, or no longer has one. */
    NOT_GRANTED(1, true),
    /** The requested port is not in the remote's grant. */
    OUTSIDE(2, true),
    /** The server does not expose that type, or does not expose such a target. */
    UNSUPPORTED(3, true),
    /** The remote has reached its limit of ports. */
    LIMIT(4, false),
    /** Another remote, or another program, uses the requested port. */
    TAKEN(5, false),
    /** No port of the grant is free, or at present no gateway serves web applications. */
    NONE_FREE(6, false),
    /** The server is too busy. */
    BUSY(7, false),
    /** The peer gave a number that is not in this list; never sent. */
    UNKNOWN(-1, false);

    private final int code;
    private final boolean last;

    ExposeRefusal(int code, boolean last) {
        this.code = code;
        this.last = last;
    }

    /**
     * Returns the number on the wire.
     *
     * @throws IllegalStateException for {@link #UNKNOWN}, which has no number
     */
    public int code() {
        if (this == UNKNOWN) {
            throw new IllegalStateException("an unknown reason cannot be sent");
        }
        return code;
    }

    /** Returns whether a new request can succeed only after somebody has changed a configuration. */
    public boolean isLast() {
        return last;
    }

    /** Returns the name in metrics and in JSON, as in {@code none_free}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the reason with that number, or {@link #UNKNOWN}: a later peer may use more reasons. */
    public static ExposeRefusal ofCode(int code) {
        for (ExposeRefusal reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
