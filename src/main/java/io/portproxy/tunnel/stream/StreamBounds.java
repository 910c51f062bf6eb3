package io.portproxy.tunnel.stream;

import io.portproxy.net.RateBucket;
import java.util.List;

/**
 * What bounds a stream of a user.
 *
 * @param in what it shares with others of the bytes from the user
 * @param inOfOne bytes a second from the user of this stream alone; 0 for any number
 * @param out what it shares with others of the bytes to the user
 * @param outOfOne bytes a second to the user of this stream alone; 0 for any number
 * @param idleNanos how long it may carry no byte; 0 for any time
 * @param durationNanos how long it may last; 0 for any time
 */
public record StreamBounds(
        List<RateBucket> in, long inOfOne, List<RateBucket> out, long outOfOne, long idleNanos, long durationNanos) {
    /** Nothing. */
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
