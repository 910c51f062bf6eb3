package io.portproxy.protocol;

import java.util.Locale;

/** Why a proxy server does not expose what a remote asks for (protocol.md, 2.8). */
public enum ExposeRefusal {
    /** The remote has no grant, or has not any more. */
    NOT_GRANTED(1, true),
    /** The port that it wishes for is not in its grant. */
    OUTSIDE(2, true),
    /** The server does not expose what is of that type, or has such a target. */
    UNSUPPORTED(3, true),
    /** The remote has as many ports as it may. */
    LIMIT(4, false),
    /** Another remote, or another program, has the port that it wishes for. */
    TAKEN(5, false),
    /** No port of the grant is free, or no gateway leads to a web application just now. */
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
     * The number on the wire.
     *
     * @throws IllegalStateException {@link #UNKNOWN} has none
     */
    public int code() {
        if (this == UNKNOWN) {
            throw new IllegalStateException("an unknown reason cannot be sent");
        }
        return code;
    }

    /** Whether asking again helps only when somebody has changed a configuration. */
    public boolean isLast() {
        return last;
    }

    /** The name in metrics and in JSON, as in {@code none_free}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason with that number, or {@link #UNKNOWN}: a later peer may know more of them. */
    public static ExposeRefusal ofCode(int code) {
        for (ExposeRefusal reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        return UNKNOWN;
    }
}
