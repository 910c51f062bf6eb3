package io.portproxy.mux;

/**
 * The limits of a session.
 *
 * @param streamBuffer classic: bytes that may wait for one stream's socket before the tunnel is not read
 * @param tunnelBuffer bytes that may wait for all its streams' sockets together before the tunnel is not read
 * @param stallNanos how long the tunnel may be kept from being read before the stream to blame is dropped
 * @param maxStreams streams at a time
 * @param initialWindow extended: bytes that a peer may send on a stream before it hears of a larger window
 * @param maxWindow extended: how far a window grows while its reader keeps up; at least {@code initialWindow}
 */
public record SessionLimits(
        int streamBuffer, long tunnelBuffer, long stallNanos, int maxStreams, long initialWindow, long maxWindow) {}
