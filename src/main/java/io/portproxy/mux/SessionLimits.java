package io.portproxy.mux;

/**
 * The limits of a session.
 *
 * @param streamBuffer bytes that may wait for one stream's socket before the tunnel is not read
 * @param tunnelBuffer bytes that may wait for all its streams' sockets together before the tunnel is not read
 * @param stallNanos how long a stream may keep the tunnel from being read
 * @param maxStreams streams at a time
 */
public record SessionLimits(int streamBuffer, long tunnelBuffer, long stallNanos, int maxStreams) {}
