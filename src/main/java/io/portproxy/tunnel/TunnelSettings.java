package io.portproxy.tunnel;

import io.portproxy.mux.SessionLimits;
import io.portproxy.protocol.Wire;
import java.time.Duration;

/**
 * The times and limits of one tunnel and its streams. They are the same in both roles.
 *
 * @param heartbeatInterval the time between two signs of life: heartbeats of a classic remote, or Pings of either side
 *     in an extended tunnel; positive
 * @param idleTimeout how long the peer may be silent, or may take no byte from this side, before this side ends the
 *     tunnel; positive
 * @param lingerTimeout how long this side still reads a socket (and discards the bytes) after it has sent its last
 *     byte. A late byte from the other end then does not turn the clean end into a reset. Positive
 * @param limits the limits of its streams: a positive stall timeout, a stream buffer of 4096 or more, a tunnel buffer
 *     of at least that size, 1 or more streams, windows of 4096 to 2^30. A remote uses the initial window that the
 *     server states
 * @param datagramQueue how many bytes of datagrams may wait to leave: {@value #MIN_DATAGRAM_QUEUE} to
 *     {@value #MAX_DATAGRAM_QUEUE}
 */
public record TunnelSettings(
        Duration heartbeatInterval,
        Duration idleTimeout,
        Duration lingerTimeout,
        SessionLimits limits,
        int datagramQueue) {
    /** The default number of bytes of datagrams that may wait to leave. */
    public static final int DATAGRAM_QUEUE = 512 * 1024;

    /** The lowest value: room for the longest datagram. */
    public static final int MIN_DATAGRAM_QUEUE = 64 * 1024;

    /** The highest value. With more waiting bytes, the tunnel could not open streams. */
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

    /** Creates settings with the default queue for datagrams. */
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
