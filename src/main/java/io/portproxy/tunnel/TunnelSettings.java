package io.portproxy.tunnel;

import java.time.Duration;

/**
 * The limits of one tunnel and its streams; the same in both roles.
 *
 * @param idleTimeout how long a tunnel may be silent (server) or take no byte of ours (client) before it is given up;
 *     positive
 * @param stallTimeout how long one stream's slow reader may keep the tunnel from being read before that stream is
 *     dropped; positive
 * @param lingerTimeout how long a socket that has been sent its last byte is still read (and the bytes thrown away), so
 *     that a late byte from the other end does not turn the clean end into a reset; positive
 * @param streamBuffer bytes that may wait for one stream's socket before the tunnel is no longer read; what was read
 *     already still comes on top, at most one read of 256 KiB; 4096 or more
 * @param tunnelBuffer bytes that may wait for all of a tunnel's sockets together before it is no longer read; at least
 *     {@code streamBuffer}
 * @param maxStreams streams that one tunnel may have at a time; 1 or more
 */
public record TunnelSettings(
        Duration idleTimeout,
        Duration stallTimeout,
        Duration lingerTimeout,
        int streamBuffer,
        long tunnelBuffer,
        int maxStreams) {

    public TunnelSettings {
        requirePositive(idleTimeout, "idleTimeout");
        requirePositive(stallTimeout, "stallTimeout");
        requirePositive(lingerTimeout, "lingerTimeout");
        if (streamBuffer < 4096 || tunnelBuffer < streamBuffer || maxStreams < 1) {
            throw new IllegalArgumentException("limits out of range: streamBuffer " + streamBuffer + ", tunnelBuffer "
                    + tunnelBuffer + ", maxStreams " + maxStreams);
        }
    }

    private static void requirePositive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
