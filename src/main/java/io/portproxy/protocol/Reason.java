package io.portproxy.protocol;

import java.util.Locale;

/** Why a stream or a tunnel was closed: one list for the wire, the log, the metrics and the API. */
public enum Reason {
    /** The user or the target ended its side of the connection. */
    ENDED,
    /** The target's host refused the connection. */
    TARGET_REFUSED,
    /** There is no way to the target, or no file descriptor left to take it. */
    TARGET_UNREACHABLE,
    /** The target did not answer in time. */
    DIAL_TIMEOUT,
    /** The user's connection was reset. */
    USER_RESET,
    /** The target's connection was reset. */
    TARGET_RESET,
    /** The tunnel was silent, or took no byte, for too long. */
    IDLE_TIMEOUT,
    /** A reader was too slow for too long. */
    STALLED,
    /** A limit was reached. */
    LIMIT,
    /** A name or a request that is not allowed. */
    DENIED,
    /** The tunnel's connection broke. */
    TUNNEL_LOST,
    /** A newer tunnel took the name over. */
    REPLACED,
    /** This process is stopping. */
    GOING_AWAY,
    /** The peer broke the protocol. */
    PROTOCOL_ERROR;

    /** The reason in words, as logs show it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
