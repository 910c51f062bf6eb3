package io.portproxy.client;

import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import java.util.List;
import java.util.Optional;

/**
 * A remote, seen by itself, as it was at one moment.
 *
 * @param name the remote's name
 * @param server the proxy server's {@code host:port} as it was configured
 * @param servers the server, or with {@code connect-to: all} each address of it that is dialled
 * @param skipped addresses that are not dialled, as there are too many
 * @param wanted how many tunnels are to be up
 * @param tunnels the tunnels that are up
 * @param streams what their streams have come to
 * @param delays how they opened, how fast, and what held them up
 * @param datagrams what their datagrams have come to
 * @param counts what its tunnels have come to
 * @param failures how often one was lost, or did not come up
 * @param lastFailure why the last of these; empty before the first
 * @param allow the targets that the server may ask for
 * @param asked the targets that it has asked for, the last first
 * @param forgotten how many of these were forgotten, as there were too many
 * @param exposed the targets that it asks its servers to expose
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
     * @param wanted how many tunnels to it should be up
     * @param up how many tunnels are up
     * @param trouble why a tunnel is not up; null if all are, and before the first failure
     */
    public record Server(String address, int wanted, int up, Optional<String> trouble) {}

    public ClientView {
        servers = List.copyOf(servers);
        tunnels = List.copyOf(tunnels);
        allow = List.copyOf(allow);
        asked = List.copyOf(asked);
        exposed = List.copyOf(exposed);
    }

    /** How often a tunnel came up. */
    public long connects() {
        return counts.opened();
    }
}
