package io.portproxy.mux;

/**
 * How far the two directions of a stream have come.
 *
 * <pre>
 *            our socket ended              both ended            delivered
 *   OPEN ---------------------> LOCAL_ENDED ----------+
 *     |                                               +--> BOTH_ENDED ----> CLOSED
 *     +----- the peer ended --> PEER_ENDED -----------+
 *
 *   any of them ---- reset, cut or dropped ----> CLOSED
 * </pre>
 *
 * The classic dialect has no half-close (protocol.md, section 1.4): there an end of either side leads to BOTH_ENDED.
 */
enum StreamState {
    /** Bytes flow in both directions. */
    OPEN,
    /** Our socket has sent its last byte; the peer's still come. */
    LOCAL_ENDED,
    /** The peer has sent its last byte; ours still go. */
    PEER_ENDED,
    /** Nothing more is sent either way; the peer's last bytes are on their way to our socket. */
    BOTH_ENDED,
    /** Nothing is left of it. */
    CLOSED;

    /** Our socket has ended. @throws IllegalStateException it had before: a bug */
    StreamState afterLocalEnd() {
        return switch (this) {
            case OPEN -> LOCAL_ENDED;
            case PEER_ENDED -> BOTH_ENDED;
            default -> throw new IllegalStateException("our end in " + this);
        };
    }

    /** The peer has ended. @throws IllegalStateException it had before: to be checked by the caller */
    StreamState afterPeerEnd() {
        return switch (this) {
            case OPEN -> PEER_ENDED;
            case LOCAL_ENDED -> BOTH_ENDED;
            default -> throw new IllegalStateException("the peer's end in " + this);
        };
    }

    boolean localOpen() {
        return this == OPEN || this == PEER_ENDED;
    }

    boolean peerOpen() {
        return this == OPEN || this == LOCAL_ENDED;
    }
}
