package io.portproxy.tunnel;

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
 * @param stalledNanos nanoseconds for which this side's socket has taken none of these; 0 when nothing waits
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
        long stalledNanos) {

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
