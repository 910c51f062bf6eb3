package io.portproxy.tunnel.telemetry;

import io.portproxy.protocol.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * A stream as it was at one moment.
 *
 * @param identity its 48-bit name
 * @param ends what it joins
 * @param state the phase of the stream
 * @param since when it was opened
 * @param idleNanos nanoseconds since this side last moved bytes
 * @param flow how its bytes flow
 */
public record StreamView(long identity, Ends ends, State state, Instant since, long idleNanos, Flow flow) {

    /**
     * What a stream joins.
     *
     * @param port the exposed port's address; empty on the remote's side
     * @param user the user's address, if it is known
     * @param target the target's {@code host:port} as the remote sees it
     */
    public record Ends(Optional<String> port, Optional<String> user, String target) {}

    /**
     * How the bytes of a stream flow.
     *
     * @param bytesIn bytes that came from the user
     * @param bytesOut bytes that came for the user
     * @param queued bytes that wait for this side's socket
     * @param windows how many more bytes may be sent; empty in the classic dialect
     * @param stall what delays it, if anything does
     */
    public record Flow(long bytesIn, long bytesOut, long queued, Optional<Windows> windows, Optional<Stall> stall) {}

    /**
     * The windows of a stream.
     *
     * @param send bytes from this side's socket that the peer still accepts
     * @param receive the most bytes of the peer that may be in flight
     */
    public record Windows(long send, long receive) {}

    /** The party that delays a stream. */
    public enum Side {
        /** The user takes no bytes. */
        USER,
        /** The target takes no bytes. */
        TARGET,
        /** The tunnel takes no more of this side's bytes: other streams have their turn, or its path is full. */
        TUNNEL
    }

    /**
     * A state in which bytes wait and are not moved.
     *
     * @param side the party that they wait for. If the window is full, that is the socket at the other end. A long path
     *     may also fill the window before the window has grown
     * @param nanos how long they have waited, in nanoseconds: {@value #SHORTEST_NANOS} or more. A shorter wait is not a
     *     stall
     */
    public record Stall(Side side, long nanos) {
        static final long SHORTEST_NANOS = 1_000_000;
    }

    /** The phase of a stream. */
    public enum State {
        /** The remote dials the target. Only the remote sees this state. */
        CONNECTING,
        /** Bytes flow both ways. */
        OPEN,
        /** The user has sent its last byte. */
        USER_ENDED,
        /** The target has sent its last byte. */
        TARGET_ENDED,
        /** Both have sent their last byte, and the last bytes are being delivered. */
        FINISHING
    }

    /** Returns the identity as people see it: 12 hexadecimal digits. */
    public String name() {
        return Identity.format(identity);
    }
}
