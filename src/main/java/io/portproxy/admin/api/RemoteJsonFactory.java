package io.portproxy.admin.api;

import io.portproxy.admin.api.RemoteJson.Asked;
import io.portproxy.admin.api.RemoteJson.End;
import io.portproxy.admin.api.RemoteJson.Host;
import io.portproxy.admin.api.RemoteJson.Port;
import io.portproxy.admin.api.RemoteJson.QuotaState;
import io.portproxy.admin.api.RemoteJson.Refusal;
import io.portproxy.admin.api.RemoteJson.Streams;
import io.portproxy.admin.api.RemoteJson.Tunnel;
import io.portproxy.admin.api.RemoteJson.Wish;
import io.portproxy.admin.events.Role;
import io.portproxy.admin.manage.AccessBody;
import io.portproxy.admin.manage.GrantBody;
import io.portproxy.admin.manage.LimitsBody;
import io.portproxy.admin.manage.QuotaBody;
import io.portproxy.client.AllowedTarget;
import io.portproxy.client.ClientView;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.server.LastRefusal;
import io.portproxy.server.QuotaView;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.RemoteView;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.gateway.HostView;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelEnd;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the JSON of a remote from its definition and from what the server or the client of this process sees of it. Any thread. */
final class RemoteJsonFactory {
    private RemoteJsonFactory() {}

    /**
     * Returns a remote as the server sees it.
     *
     * @param planned its planned configuration
     * @param remote its current state; empty while it is not exposed
     * @param started when the process started
     */
    static RemoteJson ofServer(PlannedRemote planned, Optional<RemoteView> remote, Instant started) {
        return server(
                planned.definition(),
                remote,
                started,
                new Origin(
                        Optional.of(planned.file().isPresent() ? "file" : "store"),
                        planned.file(),
                        Optional.empty(),
                        planned.problems().stream()
                                .map(problem -> problem.pointer() + " " + problem.reason())
                                .toList()));
    }

    /**
     * Returns a remote of a template, as the server sees it.
     *
     * @param template the definition of all remotes of the template
     */
    static RemoteJson ofTemplate(RemoteDefinition template, RemoteView remote, Instant started) {
        RemoteDefinition definition = new RemoteDefinition(
                remote.name(),
                template.description(),
                template.enabled(),
                template.anonymous(),
                List.of(),
                List.of(),
                template.grants(),
                template.access(),
                template.quota(),
                template.limits(),
                template.holdWhileAway());
        return server(
                definition,
                Optional.of(remote),
                started,
                new Origin(Optional.of("granted"), Optional.empty(), remote.template(), List.of()));
    }

    /** Where the definition of a remote comes from, and its problems. */
    private record Origin(
            Optional<String> key, Optional<String> file, Optional<String> template, List<String> problems) {}

    private static RemoteJson server(
            RemoteDefinition definition, Optional<RemoteView> remote, Instant started, Origin origin) {
        List<Tunnel> tunnels = remote.map(RemoteView::tunnels).orElse(List.of()).stream()
                .map(tunnel -> Tunnel.of(tunnel.handle().view(), Optional.of(tunnel.instance())))
                .toList();
        return new Parts(
                        definition.name(),
                        Role.SERVER,
                        (int) tunnels.stream().map(Tunnel::instance).distinct().count(),
                        tunnels,
                        remote.map(RemoteView::streams).orElseGet(() -> StreamCounts.sumOf(List.of())),
                        remote.map(RemoteView::counts).orElseGet(() -> TunnelCounts.sum(List.of())),
                        remote.flatMap(RemoteView::lastRefusal),
                        started,
                        Optional.empty(),
                        remote.map(RemoteView::quotas).orElse(List.of()))
                .json(
                        origin,
                        definition,
                        ports(definition, remote.map(RemoteView::ports).orElse(List.of())),
                        hosts(definition, remote.map(RemoteView::hosts).orElse(List.of())));
    }

    /** Returns the configured ports in the order of the definition, then those that the remote has asked for. */
    private static List<Port> ports(RemoteDefinition definition, List<PortView> all) {
        List<PortView> exposed = all.stream().filter(port -> !port.granted()).toList(); // hosts come after ports
        Stream<Port> configured = IntStream.range(0, definition.ports().size())
                .mapToObj(i -> Port.of(
                        definition.ports().get(i),
                        i < exposed.size() ? Optional.of(exposed.get(i).bind()) : Optional.empty()));
        return Stream.concat(
                        configured,
                        all.stream()
                                .filter(port -> port.granted() && !port.isHost())
                                .map(Port::granted))
                .toList();
    }

    private static List<Host> hosts(RemoteDefinition definition, List<HostView> exposed) {
        List<HostView> configured =
                exposed.stream().filter(host -> !host.granted()).toList();
        return Stream.concat(
                        IntStream.range(0, definition.hosts().size())
                                .mapToObj(i -> Host.of(
                                        definition.hosts().get(i),
                                        i < configured.size()
                                                ? configured.get(i).urls()
                                                : List.of())),
                        exposed.stream().filter(HostView::granted).map(Host::granted))
                .toList();
    }

    /**
     * Returns the remote that this process is, as its client sees it.
     *
     * @param started when the process started
     */
    static RemoteJson ofClient(ClientView client, Instant started) {
        List<Tunnel> tunnels = client.tunnels().stream()
                .map(handle -> Tunnel.of(handle.view(), Optional.empty()))
                .toList();
        return new Parts(
                        client.name(),
                        Role.CLIENT,
                        1,
                        tunnels,
                        client.streams(),
                        client.counts(),
                        Optional.empty(),
                        started,
                        Optional.of(client),
                        List.of())
                .json(
                        new Origin(Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
                        new RemoteDefinition(client.name(), "", true, false, List.of()),
                        List.of(),
                        List.of());
    }

    /** The data that both roles have about a remote. */
    private record Parts(
            String name,
            Role role,
            int instances,
            List<Tunnel> tunnels,
            StreamCounts streams,
            TunnelCounts counts,
            Optional<LastRefusal> lastRefusal,
            Instant started,
            Optional<ClientView> client,
            List<QuotaView> quotas) {

        private String state() {
            boolean template = role == Role.SERVER && RemoteSettings.isTemplate(name);
            return template ? "template" : tunnels.isEmpty() ? "away" : "up";
        }

        RemoteJson json(Origin origin, RemoteDefinition definition, List<Port> ports, List<Host> hosts) {
            Instant awaySince = counts.lastEnd().map(TunnelEnd::at).orElse(started);
            return new RemoteJson(
                    name,
                    role.key(),
                    origin.key,
                    origin.file,
                    origin.template,
                    definition.description(),
                    definition.enabled(),
                    definition.anonymous(),
                    origin.problems,
                    state(),
                    instances,
                    tunnels.stream().map(Tunnel::dialect).findFirst(),
                    tunnels.stream().map(Tunnel::address).findFirst(),
                    client.map(ClientView::server),
                    client.map(ClientView::servers).orElse(List.of()),
                    tunnels.stream()
                            .map(Tunnel::since)
                            .min(Comparator.naturalOrder())
                            .orElse(awaySince),
                    counts.lastEnd().map(End::of),
                    lastRefusal.map(Refusal::of),
                    tunnels.stream()
                            .flatMap(tunnel -> tunnel.roundTripMillis().stream())
                            .min(Comparator.naturalOrder()),
                    tunnels,
                    ports,
                    hosts,
                    definition.grants().map(GrantBody::of),
                    AccessBody.of(definition.access()),
                    QuotaBody.of(definition.quota()),
                    quotas.stream().map(QuotaState::of).toList(),
                    LimitsBody.of(definition.limits()),
                    definition.holdWhileAway(),
                    Streams.of(streams),
                    client.map(ClientView::allow).orElse(List.of()).stream()
                            .map(AllowedTarget::text)
                            .toList(),
                    client.map(ClientView::asked).orElse(List.of()).stream()
                            .map(Asked::of)
                            .toList(),
                    client.map(ClientView::forgotten),
                    client.map(ClientView::connects),
                    client.map(ClientView::failures),
                    client.flatMap(ClientView::lastFailure),
                    client.map(ClientView::exposed).orElse(List.of()).stream()
                            .map(Wish::of)
                            .toList());
        }
    }
}
