package io.portproxy.tunnel.telemetry;

import java.time.Instant;
import java.util.Optional;

/**
 * A tunnel as it was at one moment.
 *
 * @param address the peer's address
 * @param dialect {@code extended} or {@code classic}
 * @param security {@code plain}, or TLS's version and cipher suite
 * @param since when it came up
 * @param streams streams that are not closed
 * @param roundTripNanos the round trip last measured, in nanoseconds; empty before the first, and in the classic dialect
 * @param available whether it takes new streams
 * @param leaving bytes of this side's sockets that wait for the tunnel's connection
 * @param arrived bytes of the peer that wait for this side's sockets
 * @param takesFirstBytes whether the remote writes to a target what is not the user's, ahead of all else
 * @param carriesDatagrams whether users of ports of type udp can be carried
 */
public record TunnelView(
        String address,
        String dialect,
        String security,
        Instant since,
        int streams,
        Optional<Long> roundTripNanos,
        boolean available,
        long leaving,
        long arrived,
        boolean takesFirstBytes,
        boolean carriesDatagrams) {}
