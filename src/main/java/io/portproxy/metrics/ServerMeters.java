package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.GrantCounts;
import io.portproxy.server.GreetingRefusal;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.QuotaView;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.RemoteView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.server.exposed.user.OwnAnswers;
import java.util.List;

/** The meters of the proxy server. Their tags contain remotes and ports, so there are as many values as the configuration has. */
public final class ServerMeters implements MeterBinder {
    private final ProxyServer server;

    /**
     * @param series receives the metrics of remotes and ports
     * @param server is not called before the first scrape
     */
    public ServerMeters(Series series, ProxyServer server) {
        this.server = server;
        series.add(samples -> {
            add(samples, server.remotes());
            addGateways(samples, server.gateways());
            addGranted(samples, server.grants());
        });
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, server, Tags.empty());
        meters.gauge("portproxy.greetings", "Connections to the tunnel port without a name yet", server::greetings);
        for (GreetingRefusal why : GreetingRefusal.values()) {
            meters.with("reason", why.key())
                    .counter(
                            "portproxy.greetings.refused",
                            "Connections to the tunnel port that were refused",
                            () -> server.greetingsRefused(why));
        }
        meters.counter(
                "portproxy.template.remotes.refused",
                "Remotes that were refused because their template has too many",
                () -> server.grants().remotesRefused());
        meters.counter(
                "portproxy.ports.granted",
                "Ports and hosts that were given to remotes",
                () -> server.grants().granted());
        meters.counter(
                "portproxy.access.log.lost",
                "Requests that the access log left out, as there were too many at a time",
                server::accessLogLost);
        meters.gauge(
                "portproxy.answers",
                "Users of HTTP who are answered here and not by a target",
                () -> server.answers().underWay());
        for (OwnAnswers.Cut why : OwnAnswers.Cut.values()) {
            meters.with("reason", why.key())
                    .counter(
                            "portproxy.answers.cut",
                            "Users of HTTP who were reset in place of an answer from here",
                            () -> server.answers().cuts(why));
        }
        meters.gauge("portproxy.users.held", "Users who wait for remotes that are away", server::heldUsers);
        meters.counter(
                "portproxy.users.held.refused",
                "Users who were refused at once, as too many waited for remotes that are away",
                server::heldRefused);
        meters.gauge(
                "portproxy.bans",
                "Addresses that are refused at once for some time",
                () -> server.bans().size());
        for (ExposeRefusal why : ExposeRefusal.values()) {
            if (why != ExposeRefusal.UNKNOWN) {
                meters.with("reason", why.key())
                        .counter(
                                "portproxy.ports.refused",
                                "Ports that remotes asked for and did not get",
                                () -> server.grants().refused().getOrDefault(why.key(), 0L));
            }
        }
    }

    static void add(Samples samples, List<RemoteView> remotes) {
        for (RemoteView remote : remotes) {
            if (remote.template().isPresent()) {
                continue; // whoever has the template's token chooses the name
            }
            Samples ofRemote = samples.with("role", "server").with("remote", remote.name());
            TunnelMeters.add(ofRemote, remote.tunnels().stream().map(RemoteView.Tunnel::handle), remote.counts());
            remote.quotas()
                    .forEach(
                            quota -> addQuota(ofRemote.with("port", quota.port().orElse("")), quota));
            remote.ports().stream()
                    .filter(port -> !port.granted())
                    .forEach(port -> addPort(ofRemote.with("port", port.bind()), port));
        }
    }

    static void addGateways(Samples samples, List<GatewayView> gateways) {
        for (GatewayView gateway : gateways) {
            Samples ofGateway = samples.with("role", "server").with("gateway", gateway.name());
            ofGateway.gauge(
                    "portproxy_gateway_listening",
                    "1 while users can connect, else 0",
                    gateway.trouble().isEmpty() ? 1 : 0);
            ofGateway.gauge(
                    "portproxy_gateway_pending", "Users whose first request is not complete yet", gateway.pending());
            ofGateway.counter(
                    "portproxy_gateway_crowded_out",
                    "Users who were disconnected before their first request was complete, to make room for new users",
                    gateway.crowdedOut());
            ofGateway.counter(
                    "portproxy_gateway_unknown",
                    "Requests for a host, a path or a certificate that is not there",
                    gateway.unknown());
            gateway.refused()
                    .forEach((reason, count) -> ofGateway
                            .with("reason", reason)
                            .counter(
                                    "portproxy_gateway_refused",
                                    "Users who were refused before it was known for which host they came",
                                    count));
        }
    }

    /** Adds the totals of all ports and hosts that one remote, or the remotes of one template, asked for. */
    static void addGranted(Samples samples, GrantCounts grants) {
        for (GrantCounts.Owner owner : grants.owners()) {
            Samples ofOwner = samples.with("role", "server").with("remote", owner.name());
            if (RemoteSettings.isTemplate(owner.name())) {
                ofOwner.gauge("portproxy_template_remotes", "Remotes that there are of a template", owner.remotes());
                ofOwner.gauge("portproxy_tunnels", "Tunnels that are up", owner.tunnels());
            }
            ofOwner.gauge(
                    "portproxy_granted_ports", "Ports that there are because remotes asked for them", owner.ports());
            ofOwner.gauge(
                    "portproxy_granted_ports_kept",
                    "Ports among them that are kept for remotes that are away",
                    owner.kept());
            ofOwner.gauge(
                    "portproxy_granted_hosts",
                    "Hosts at gateways that there are because remotes asked for them",
                    owner.hosts());
            ofOwner.gauge(
                    "portproxy_granted_hosts_kept",
                    "Hosts among them that are kept for remotes that are away",
                    owner.hostsKept());
            StreamMeters.add(ofOwner.with("port", "granted"), owner.streams());
        }
    }

    /** Adds the samples of a quota. If the quota applies to all ports together, the port is empty. */
    private static void addQuota(Samples samples, QuotaView quota) {
        samples.gauge(
                "portproxy_quota_bytes",
                "Bytes that may pass in an hour, day or month",
                quota.quota().bytes());
        samples.gauge("portproxy_quota_used_bytes", "Bytes of a quota that have passed", quota.used());
    }

    private static void addPort(Samples samples, PortView port) {
        StreamMeters.add(samples, port.streams(), port.delays());
        samples.gauge("portproxy_port_listening", "1 while users can connect, else 0", port.listening() ? 1 : 0);
        if (port.type().equals("udp")) {
            DatagramMeters.add(samples, port.datagrams());
            samples.counter(
                    "portproxy_udp_sessions_replaced",
                    "Sessions of type udp that were ended to make room for new ones",
                    port.datagrams().replacedSessions());
        } else if (!port.type().equals("tcp")) {
            samples.counter(
                    "portproxy_requests_refused",
                    "HTTP requests that were answered here and not by the target",
                    port.delays().requestsRefused());
            port.requests()
                    .statuses()
                    .forEach((status, count) -> samples.with("status", status)
                            .counter("portproxy_requests", "HTTP requests that were answered, by status class", count));
            samples.histogramOnceCounted(
                    "portproxy_requests_first_byte_time_seconds",
                    "From an HTTP request's complete head to that of its answer",
                    port.requests().firstByteTimes());
        }
        port.refused()
                .forEach((reason, count) -> samples.with("reason", reason)
                        .counter(
                                "portproxy_users_refused",
                                "Users who were refused at once, as there could be no stream",
                                count));
    }
}
