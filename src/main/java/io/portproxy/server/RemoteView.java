package io.portproxy.server;

import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.gateway.HostView;
import io.portproxy.tunnel.TunnelHandle;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import java.util.List;
import java.util.Optional;

/**
 * The state of a remote name at one moment.
 *
 * @param name the remote's name
 * @param tunnels the tunnels that are up; none while the remote is away
 * @param ports the exposed ports, and also the hosts, each as a port
 * @param hosts the hosts at gateways
 * @param streams the counts of the streams of all its ports
 * @param counts the counts of its tunnels
 * @param lastRefusal the last refused greeting with the name; empty if there was none
 * @param template the name of its template; empty if the remote has an entry of its own
 * @param quotas the use of the remote's quota and of the quotas of its ports and hosts
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
     * One tunnel of a remote.
     *
     * @param instance the process at the other end, 32 hexadecimal digits; in the classic dialect a new one for each
     *     tunnel
     * @param index the tunnel's number among the tunnels of its instance, from 0
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
