package io.portproxy.tunnel;

import io.portproxy.mux.SessionLimits;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.StreamLimits;
import java.time.Duration;

/**
 * The limits of one tunnel and its streams; the same in both roles.
 *
 * @param heartbeatInterval between two signs of life: heartbeats of a classic remote, pings of either side otherwise;
 *     positive
 * @param idleTimeout how long a tunnel may be silent, or take no byte of ours, before it is given up; positive
 * @param stallTimeout how long one stream's slow reader may keep the tunnel from being read before that stream is
 *     dropped; positive
 * @param lingerTimeout how long a socket that has been sent its last byte is still read (and the bytes thrown away), so
 *     that a late byte from the other end does not turn the clean end into a reset; positive
 * @param streamBuffer classic: bytes that may wait for one stream's socket before the tunnel is no longer read; what
 *     was read already still comes on top, at most one read of 256 KiB; 4096 or more
 * @param tunnelBuffer bytes that may wait for all of a tunnel's sockets together before it is no longer read; at least
 *     {@code streamBuffer}
 * @param initialWindow extended: bytes that a peer may send on a new stream; 4096 to 2^30
 * @param maxWindow extended: how far that grows for a stream whose reader keeps up; {@code initialWindow} to 2^30
 * @param maxStreams streams that one tunnel may have at a time; 1 or more
 */
public record TunnelSettings(
        Duration heartbeatInterval,
        Duration idleTimeout,
        Duration stallTimeout,
        Duration lingerTimeout,
        int streamBuffer,
        long tunnelBuffer,
        int initialWindow,
        int maxWindow,
        int maxStreams) {

    public TunnelSettings {
        requirePositive(heartbeatInterval, "heartbeatInterval");
        requirePositive(idleTimeout, "idleTimeout");
        requirePositive(stallTimeout, "stallTimeout");
        requirePositive(lingerTimeout, "lingerTimeout");
        if (streamBuffer < 4096 || tunnelBuffer < streamBuffer || maxStreams < 1) {
            throw new IllegalArgumentException("limits out of range: streamBuffer " + streamBuffer + ", tunnelBuffer "
                    + tunnelBuffer + ", maxStreams " + maxStreams);
        }
        if (initialWindow < Wire.MIN_INITIAL_WINDOW
                || maxWindow < initialWindow
                || maxWindow > Wire.MAX_INITIAL_WINDOW) {
            throw new IllegalArgumentException("windows out of range: " + initialWindow + " to " + maxWindow);
        }
    }

    /**
     * What of it bounds a session.
     *
     * @param initialWindow what the greeting settled, in bytes
     */
    SessionLimits sessionLimits(int initialWindow) {
        return new SessionLimits(
                streamBuffer,
                tunnelBuffer,
                stallTimeout.toNanos(),
                maxStreams,
                initialWindow,
                Math.max(initialWindow, maxWindow));
    }

    /** What of it bounds each stream's socket. In the extended dialect windows bound what waits for one that is not connected. */
    StreamLimits streamLimits(Dialect dialect) {
        return new StreamLimits(
                lingerTimeout, stallTimeout, dialect == Dialect.CLASSIC ? streamBuffer : Long.MAX_VALUE);
    }

    private static void requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
