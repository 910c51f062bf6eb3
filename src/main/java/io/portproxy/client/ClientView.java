package io.portproxy.client;

import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import java.util.List;
import java.util.Optional;

/**
 * The state of a remote at one moment, as the remote itself sees it.
 *
 * @param name the remote's name
 * @param server the proxy server's {@code host:port} as it is configured
 * @param servers the server; with {@code connect-to: all}, each of its addresses that the remote connects to
 * @param skipped the number of addresses that are not used because there are too many
 * @param wanted the number of tunnels that should be up
 * @param tunnels the tunnels that are up
 * @param streams the counters of their streams
 * @param delays how long streams took to open, their speed, and what delayed them
 * @param datagrams the counters of their datagrams
 * @param counts the counters of tunnels
 * @param failures how often a tunnel was lost, or an attempt failed
 * @param lastFailure the reason of the last failure; empty before the first one
 * @param allow the targets that the server may ask for
 * @param asked the targets that the server has asked for; the last one comes first
 * @param forgotten how many of these targets were forgotten because there were too many
 * @param exposed the targets that the remote asks its servers to expose
 */
public record ClientView(
        String name,
        String server,
        List<Server> servers,
        int skipped,
        int wanted,
        List<TunnelHandle> tunnels,
        StreamCounts streams,
        StreamDelays delays,
        DatagramCounts datagrams,
        TunnelCounts counts,
        long failures,
        Optional<String> lastFailure,
        List<AllowedTarget> allow,
        List<AskedTarget> asked,
        long forgotten,
        List<ExposureView> exposed) {

    /**
     * A proxy server to which this remote connects.
     *
     * @param address the server's {@code host:port}
     * @param wanted the number of tunnels to it that should be up
     * @param up the number of tunnels that are up
     * @param trouble why a tunnel is not up; empty if all are up, and before the first failure
     */
    public record Server(String address, int wanted, int up, Optional<String> trouble) {}

    public ClientView {
        servers = List.copyOf(servers);
        tunnels = List.copyOf(tunnels);
        allow = List.copyOf(allow);
        asked = List.copyOf(asked);
        exposed = List.copyOf(exposed);
    }

    /** Returns how often a tunnel came up. */
    public long connects() {
        return counts.opened();
    }
}
