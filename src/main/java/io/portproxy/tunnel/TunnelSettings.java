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
        Duration heartbeatInterval,
        Duration idleTimeout,
        Duration lingerTimeout,
        SessionLimits limits,
        int datagramQueue) {
    /** Bytes of datagrams that may wait to leave, where nothing is said. */
    public static final int DATAGRAM_QUEUE = 512 * 1024;

    /** The least of them: room for the longest datagram. */
    public static final int MIN_DATAGRAM_QUEUE = 64 * 1024;

    /** The most: with more bytes waiting no stream would be opened. */
    public static final int MAX_DATAGRAM_QUEUE = 768 * 1024;

    public TunnelSettings {
        requirePositive(heartbeatInterval, "heartbeatInterval");
        requirePositive(idleTimeout, "idleTimeout");
        requirePositive(lingerTimeout, "lingerTimeout");
        requirePositive(limits.stallTimeout(), "stallTimeout");
        if (datagramQueue < MIN_DATAGRAM_QUEUE || datagramQueue > MAX_DATAGRAM_QUEUE) {
            throw new IllegalArgumentException("a queue for datagrams of " + datagramQueue + " bytes");
        }
        if (limits.streamBuffer() < 4096 || limits.tunnelBuffer() < limits.streamBuffer() || limits.maxStreams() < 1) {
            throw new IllegalArgumentException("out of range: " + limits);
        }
        if (limits.initialWindow() < Wire.MIN_INITIAL_WINDOW
                || limits.maxWindow() < limits.initialWindow()
                || limits.maxWindow() > Wire.MAX_INITIAL_WINDOW) {
            throw new IllegalArgumentException("windows out of range: " + limits);
        }
    }

    /** With the usual queue for datagrams. */
    public TunnelSettings(
            Duration heartbeatInterval, Duration idleTimeout, Duration lingerTimeout, SessionLimits limits) {
        this(heartbeatInterval, idleTimeout, lingerTimeout, limits, DATAGRAM_QUEUE);
    }

    public TunnelSettings withHeartbeatInterval(Duration interval) {
        return new TunnelSettings(interval, idleTimeout, lingerTimeout, limits, datagramQueue);
    }

    public TunnelSettings withIdleTimeout(Duration timeout) {
        return new TunnelSettings(heartbeatInterval, timeout, lingerTimeout, limits, datagramQueue);
    }

    private static void requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
