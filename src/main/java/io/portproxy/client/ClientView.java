package io.portproxy.client;

import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.StreamDelays;
import io.portproxy.tunnel.TunnelCounts;
import io.portproxy.tunnel.TunnelHandle;
import java.util.List;
import java.util.Optional;

/**
 * A remote, seen by itself, as it was at one moment.
 *
 * @param name the remote's name
 * @param server the proxy server's {@code host:port} as it was configured
 * @param wanted how many tunnels are to be up
 * @param tunnels the tunnels that are up
 * @param streams what their streams have come to
 * @param delays how they opened, how fast, and what held them up
 * @param counts what its tunnels have come to
 * @param failures how often one was lost, or did not come up
 * @param lastFailure why the last of these; empty before the first
 */
public record ClientView(
        String name,
        String server,
        int wanted,
        List<TunnelHandle> tunnels,
        StreamCounts streams,
        StreamDelays delays,
        TunnelCounts counts,
        long failures,
        Optional<String> lastFailure) {

    public ClientView {
        tunnels = List.copyOf(tunnels);
    }

    /** How often a tunnel came up. */
    public long connects() {
        return counts.opened();
    }
}
