package io.portproxy.protocol;

import java.util.Locale;

/** The reasons for which a stream or a tunnel is closed: one list for the wire, the log, the metrics and the API. */
public enum Reason {
    /** The user or the target ended its side of the connection. */
    ENDED(0),
    /** The target's host refused the connection. */
    TARGET_REFUSED(1),
    /** There is no route to the target. */
    TARGET_UNREACHABLE(2),
    /** The target did not answer in time. */
    DIAL_TIMEOUT(3),
    /** The user's connection was reset. */
    USER_RESET(4),
    /** The target's connection was reset. */
    TARGET_RESET(5),
    /** The tunnel was silent, or took no byte, for too long. */
    IDLE_TIMEOUT(6),
    /** A reader was too slow for too long. */
    STALLED(7),
    /** A limit was reached: one of this program, or one of the operating system, such as that of file descriptors. */
    LIMIT(8),
    /** A name, a proof or a request was not allowed. */
    DENIED(9),
    /** Someone closed it through the admin API. */
    CLOSED_BY_ADMINISTRATOR(10),
    /** The tunnel's connection broke. */
    TUNNEL_LOST(11),
    /** This process is stopping. */
    GOING_AWAY(12),
    /** The peer broke the protocol. */
    PROTOCOL_ERROR(13),
    /** The session to resume is no longer known. */
    RESUME_EXPIRED(14),
    /** A newer tunnel took the name over. */
    REPLACED(15),
    /** The peer gave a number that is not in this list; never sent. */
    UNKNOWN(-1);

    private static final Reason[] BY_CODE = byCode();

    private final int code;
    private final String key;

    Reason(int code) {
        this.code = code;
        this.key = name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the number on the wire (protocol.md, section 2).
     *
     * @throws IllegalStateException for {@link #UNKNOWN}, which has no number
     */
    public int code() {
        if (this == UNKNOWN) {
            throw new IllegalStateException("an unknown reason cannot be sent");
        }
        return code;
    }

    /** Returns the reason with that number, or {@link #UNKNOWN}: a later peer may use more reasons. */
    public static Reason ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
    }

    /** Returns the reason in words, as logs show it. */
    public String text() {
        return key.replace('_', ' ');
    }

    /** Returns the reason's name in metrics, in the API and in structured logs, as in {@code target_refused}. */
    public String key() {
        return key;
    }

    private static Reason[] byCode() {
        Reason[] reasons = new Reason[values().length - 1];
        for (Reason reason : values()) {
            if (reason != UNKNOWN) {
                reasons[reason.code] = reason;
            }
        }
        return reasons;
    }
}
