package io.portproxy.tunnel.stream;

import java.time.Duration;

/**
 * The limits of one stream's socket.
 *
 * @param lingerTimeout how long a socket that has been sent its last byte is still read, and its bytes thrown away
 * @param stallTimeout how long a slow reader may keep the tunnel from being read; a stream that is complete but for its last
 *     bytes gets a multiple of it
 * @param mostUnconnected bytes that may wait for a socket that is not connected yet: more end the stream
 */
public record StreamLimits(Duration lingerTimeout, Duration stallTimeout, long mostUnconnected) {}
