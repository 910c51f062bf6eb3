package io.portproxy.tunnel.stream;

import io.portproxy.net.RateBucket;
import java.util.List;

/**
 * The limits of a user's stream.
 *
 * @param in the buckets for the bytes from the user, which other streams share
 * @param inOfOne the bytes per second from the user for this stream alone; 0 for no limit
 * @param out the buckets for the bytes to the user, which other streams share
 * @param outOfOne the bytes per second to the user for this stream alone; 0 for no limit
 * @param idleNanos how long the stream may carry no byte, in nanoseconds; 0 for no limit
 * @param durationNanos how long the stream may last, in nanoseconds; 0 for no limit
 */
public record StreamBounds(
        List<RateBucket> in, long inOfOne, List<RateBucket> out, long outOfOne, long idleNanos, long durationNanos) {
    /** No limits. */
    static final StreamBounds NONE = new StreamBounds(List.of(), 0, List.of(), 0, 0, 0);

    public StreamBounds {
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    boolean paceIn() {
        return !in.isEmpty() || inOfOne > 0;
    }

    boolean paceOut() {
        return !out.isEmpty() || outOfOne > 0;
    }

    boolean hasTimes() {
        return idleNanos > 0 || durationNanos > 0;
    }
}
