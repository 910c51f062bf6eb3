package io.portproxy.mux;

/**
 * The states of a stream in the classic dialect (protocol.md, section 1), which has no half-close: the end of one
 * direction ends the stream.
 *
 * <pre>
 *                InsCloseConnection                 bytes delivered
 *        OPEN ------------------------> FINISHING ------------------> CLOSED
 *          |                                |                           ^
 *          +-- our socket ended or broke, --+-- our socket broke or ----+
 *              or the tunnel was lost           its reader stalled
 * </pre>
 */
enum StreamState {
    /** Bytes flow in both directions; the session knows the identity. */
    OPEN,
    /** The peer has ended the stream; what came before is still being delivered. The identity is forgotten. */
    FINISHING,
    /** Nothing is left of it. */
    CLOSED;

    /**
     * This state's successor.
     *
     * @throws IllegalStateException there is no such transition: a bug
     */
    StreamState to(StreamState next) {
        if (next.compareTo(this) <= 0) {
            throw new IllegalStateException(this + " to " + next);
        }
        return next;
    }
}
