package io.portproxy.mux;

import java.time.Duration;

/**
 * The limits of a session and its streams.
 *
 * @param streamBuffer classic: bytes that may wait for one stream's socket before the tunnel is not read. Bytes that
 *     were already read still come on top, at most one read of 256 KiB
 * @param tunnelBuffer bytes that may wait for all its streams' sockets together before the tunnel is not read
 * @param stallTimeout how long a slow reader may keep the tunnel from being read before its stream is dropped
 * @param maxStreams the most streams at a time
 * @param initialWindow extended: bytes that a peer may send on a stream before this side grants a larger window
 * @param maxWindow extended: the largest window, if its reader keeps up; at least {@code initialWindow}
 */
public record SessionLimits(
        int streamBuffer, long tunnelBuffer, Duration stallTimeout, int maxStreams, int initialWindow, int maxWindow) {

    public SessionLimits withStreamBuffer(int bytes) {
        return new SessionLimits(bytes, tunnelBuffer, stallTimeout, maxStreams, initialWindow, maxWindow);
    }

    public SessionLimits withStallTimeout(Duration timeout) {
        return new SessionLimits(streamBuffer, tunnelBuffer, timeout, maxStreams, initialWindow, maxWindow);
    }

    public SessionLimits withMaxStreams(int count) {
        return new SessionLimits(streamBuffer, tunnelBuffer, stallTimeout, count, initialWindow, maxWindow);
    }

    /** Returns limits with that window for new streams, and with a largest window of at least that size. */
    public SessionLimits withInitialWindow(int bytes) {
        return new SessionLimits(
                streamBuffer, tunnelBuffer, stallTimeout, maxStreams, bytes, Math.max(bytes, maxWindow));
    }

    public SessionLimits withMaxWindow(int bytes) {
        return new SessionLimits(streamBuffer, tunnelBuffer, stallTimeout, maxStreams, initialWindow, bytes);
    }
}
