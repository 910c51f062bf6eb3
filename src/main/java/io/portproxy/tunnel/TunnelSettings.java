package io.portproxy.tunnel;

import io.portproxy.mux.SessionLimits;
import io.portproxy.protocol.Wire;
import java.time.Duration;

/**
 * The times and limits of one tunnel and its streams; the same in both roles.
 *
 * @param heartbeatInterval between two signs of life: heartbeats of a classic remote, pings of either side otherwise;
 *     positive
 * @param idleTimeout how long a tunnel may be silent, or take no byte of ours, before it is given up; positive
 * @param lingerTimeout how long a socket that has been sent its last byte is still read (and the bytes thrown away), so
 *     that a late byte from the other end does not turn the clean end into a reset; positive
 * @param limits of its streams: a positive stall timeout, a stream buffer of 4096 or more, a tunnel buffer of at least that,
 *     1 or more streams, windows of 4096 to 2^30. A remote has the initial window that the server states instead
 */
public record TunnelSettings(
        Duration heartbeatInterval, Duration idleTimeout, Duration lingerTimeout, SessionLimits limits) {

    public TunnelSettings {
        requirePositive(heartbeatInterval, "heartbeatInterval");
        requirePositive(idleTimeout, "idleTimeout");
        requirePositive(lingerTimeout, "lingerTimeout");
        requirePositive(limits.stallTimeout(), "stallTimeout");
        if (limits.streamBuffer() < 4096 || limits.tunnelBuffer() < limits.streamBuffer() || limits.maxStreams() < 1) {
            throw new IllegalArgumentException("out of range: " + limits);
        }
        if (limits.initialWindow() < Wire.MIN_INITIAL_WINDOW
                || limits.maxWindow() < limits.initialWindow()
                || limits.maxWindow() > Wire.MAX_INITIAL_WINDOW) {
            throw new IllegalArgumentException("windows out of range: " + limits);
        }
    }

    public TunnelSettings withHeartbeatInterval(Duration interval) {
        return new TunnelSettings(interval, idleTimeout, lingerTimeout, limits);
    }

    public TunnelSettings withIdleTimeout(Duration timeout) {
        return new TunnelSettings(heartbeatInterval, timeout, lingerTimeout, limits);
    }

    private static void requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
