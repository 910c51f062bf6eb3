package io.portproxy.mux;

/**
 * The progress of the two directions of a stream.
 *
 * <pre>
 *            this side's socket ended         both ended            delivered
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
    /** This side's socket has sent its last byte. Bytes of the peer still come. */
    LOCAL_ENDED,
    /** The peer has sent its last byte. Bytes of this side still go to the peer. */
    PEER_ENDED,
    /** Neither side sends more. The last bytes of the peer are on their way to this side's socket. */
    BOTH_ENDED,
    /** The stream is over. */
    CLOSED;

    /**
     * Returns the state after this side's socket has ended.
     *
     * @throws IllegalStateException if it had ended before: a bug
     */
    StreamState afterLocalEnd() {
        return switch (this) {
            case OPEN -> LOCAL_ENDED;
            case PEER_ENDED -> BOTH_ENDED;
            default -> throw new IllegalStateException("our end in " + this);
        };
    }

    /**
     * Returns the state after the peer has ended.
     *
     * @throws IllegalStateException if it had ended before; the caller must check that
     */
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
