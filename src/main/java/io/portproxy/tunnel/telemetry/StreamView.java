package io.portproxy.tunnel.telemetry;

import io.portproxy.protocol.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * A stream as it was at one moment.
 *
 * @param identity its 48-bit name
 * @param port the exposed port's address; empty on the remote's side
 * @param user the user's address, if it is known
 * @param target the target's {@code host:port} as the remote sees it
 * @param state how far it has come
 * @param since when it was opened
 * @param idleNanos nanoseconds since bytes were last moved at this side
 * @param bytesIn bytes that came from the user
 * @param bytesOut bytes that came for the user
 * @param sendWindow bytes that the peer would still take, of this side's socket; empty in the classic dialect
 * @param receiveWindow bytes of the peer that may be under way, at most; empty in the classic dialect
 * @param queued bytes that wait for this side's socket
 * @param stall what holds it up, if anything does
 */
public record StreamView(
        long identity,
        Optional<String> port,
        Optional<String> user,
        String target,
        State state,
        Instant since,
        long idleNanos,
        long bytesIn,
        long bytesOut,
        Optional<Long> sendWindow,
        Optional<Long> receiveWindow,
        long queued,
        Optional<Stall> stall) {

    /** Who holds a stream up. */
    public enum Side {
        /** The user takes no bytes. */
        USER,
        /** The target takes no bytes. */
        TARGET,
        /** The tunnel takes no more of this side's bytes: other streams have their turn, or its path is full. */
        TUNNEL
    }

    /**
     * Bytes wait and are not moved.
     *
     * @param side for whom they wait. The other end's socket is meant where the window is full, which a long path may
     *     fill, too, before the window has grown
     * @param nanos for how many nanoseconds; {@value #SHORTEST_NANOS} or more, what is shorter is none
     */
    public record Stall(Side side, long nanos) {
        static final long SHORTEST_NANOS = 1_000_000;
    }

    /** How far a stream has come. */
    public enum State {
        /** The target is being dialled; seen at the remote only. */
        CONNECTING,
        /** Bytes flow both ways. */
        OPEN,
        /** The user has sent its last byte. */
        USER_ENDED,
        /** The target has sent its last byte. */
        TARGET_ENDED,
        /** Both have; the last bytes are being delivered. */
        FINISHING
    }

    /** The identity as people see it: 12 hexadecimal digits. */
    public String name() {
        return Identity.format(identity);
    }
}
