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
 * @param roundTripNanos the last measured round trip, in nanoseconds; empty before the first one, and in the classic
 *     dialect
 * @param available whether it takes new streams
 * @param leaving bytes from this side's sockets that wait for the tunnel's connection
 * @param arrived bytes from the peer that wait for this side's sockets
 * @param takesFirstBytes whether the remote can write bytes to a target before the user's bytes
 * @param carriesDatagrams whether it can carry users of ports of type udp
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
        boolean carriesDatagrams)
        implements TunnelAbilities {
    /** The dialect that classic remotes do not speak. */
    private static final String EXTENDED = "extended";

    @Override
    public boolean speaksExtended() {
        return dialect.equals(EXTENDED);
    }
}
