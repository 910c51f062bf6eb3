package io.portproxy.server;

import io.portproxy.server.exposed.HostView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import java.util.List;
import java.util.Optional;

/**
 * A remote name as it was at one moment.
 *
 * @param name the remote's name
 * @param tunnels its tunnels that are up; none while it is away
 * @param ports the ports exposed for it, and its hosts as ports
 * @param hosts its hosts at gateways
 * @param streams what the streams of all its ports have come to
 * @param counts what its tunnels have come to
 * @param lastRefusal the greeting with the name that was refused last; empty before the first
 * @param template the template that it is of; empty if it has an entry of its own
 * @param quotas what its quota, and those of its ports and hosts, have come to
 */
public record RemoteView(
        String name,
        List<Tunnel> tunnels,
        List<PortView> ports,
        List<HostView> hosts,
        StreamCounts streams,
        TunnelCounts counts,
        Optional<LastRefusal> lastRefusal,
        Optional<String> template,
        List<QuotaView> quotas) {

    /**
     * One of a remote's tunnels.
     *
     * @param instance the process at the other end, 32 hexadecimal digits; in the classic dialect a new one for each tunnel
     * @param index the tunnel's number among its instance's, from 0
     * @param handle the tunnel
     */
    public record Tunnel(String instance, int index, TunnelHandle handle) {}

    public RemoteView {
        tunnels = List.copyOf(tunnels);
        ports = List.copyOf(ports);
        hosts = List.copyOf(hosts);
        quotas = List.copyOf(quotas);
    }
}
