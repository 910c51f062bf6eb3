package io.portproxy.admin.api;

import io.portproxy.admin.api.RemoteJson.End;
import io.portproxy.admin.api.RemoteJson.Lately;
import io.portproxy.admin.api.RemoteJson.Presence;
import io.portproxy.admin.api.RemoteJson.Refusal;
import io.portproxy.admin.api.RemoteJson.Streams;
import io.portproxy.admin.api.RemoteJson.Tunnel;
import io.portproxy.admin.events.Role;
import io.portproxy.client.ClientView;
import io.portproxy.manage.PlannedRemote;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.server.LastRefusal;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelCounts;
import io.portproxy.tunnel.telemetry.TunnelEnd;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
        RemoteDefinition definition = planned.definition();
        RemoteAtServer.Declared declared = new RemoteAtServer.Declared(
                Optional.of((planned.file().isPresent() ? Origin.FILE : Origin.STORE).key()),
                planned.file(),
                Optional.empty(),
                definition.description(),
                definition.enabled(),
                definition.anonymous(),
                planned.problems().stream()
                        .map(problem -> problem.pointer() + " " + problem.reason())
                        .toList());
        return server(definition.name(), declared, RemoteAtServer.of(definition, remote), remote, started);
    }

    /**
     * Returns a remote of a template, as the server sees it.
     *
     * @param template the definition of all remotes of the template
     */
    static RemoteJson ofTemplate(RemoteDefinition template, RemoteView remote, Instant started) {
        RemoteAtServer.Declared declared = new RemoteAtServer.Declared(
                Optional.of(Origin.GRANTED.key()),
                Optional.empty(),
                remote.template(),
                template.description(),
                template.enabled(),
                template.anonymous(),
                List.of());
        RemoteDefinition own = template.withPorts(List.of()).withHosts(List.of());
        Optional<RemoteView> view = Optional.of(remote);
        return server(remote.name(), declared, RemoteAtServer.of(own, view), view, started);
    }

    private static RemoteJson server(
            String name,
            RemoteAtServer.Declared declared,
            RemoteAtServer atServer,
            Optional<RemoteView> remote,
            Instant started) {
        List<Tunnel> tunnels = remote.map(RemoteView::tunnels).orElse(List.of()).stream()
                .map(tunnel -> Tunnel.of(tunnel.handle().view(), Optional.of(tunnel.instance())))
                .toList();
        String state = RemoteSettings.isTemplate(name) ? "template" : state(tunnels);
        int instances = (int) tunnels.stream().map(Tunnel::instance).distinct().count();
        TunnelCounts counts = remote.map(RemoteView::counts).orElseGet(() -> TunnelCounts.sum(List.of()));
        return new RemoteJson(
                name,
                Role.SERVER.key(),
                declared,
                presence(state, instances, tunnels),
                RemoteAtClient.ConnectsTo.of(Optional.empty()),
                lately(tunnels, counts, remote.flatMap(RemoteView::lastRefusal), started),
                tunnels,
                atServer,
                Streams.of(remote.map(RemoteView::streams).orElseGet(() -> StreamCounts.sumOf(List.of()))),
                RemoteAtClient.of(Optional.empty()));
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
        return new RemoteJson(
                client.name(),
                Role.CLIENT.key(),
                RemoteAtServer.Declared.NOWHERE,
                presence(state(tunnels), 1, tunnels),
                RemoteAtClient.ConnectsTo.of(Optional.of(client)),
                lately(tunnels, client.counts(), Optional.empty(), started),
                tunnels,
                RemoteAtServer.none(),
                Streams.of(client.streams()),
                RemoteAtClient.of(Optional.of(client)));
    }

    private static String state(List<Tunnel> tunnels) {
        return tunnels.isEmpty() ? "away" : "up";
    }

    private static Presence presence(String state, int instances, List<Tunnel> tunnels) {
        return new Presence(
                state,
                instances,
                tunnels.stream().map(Tunnel::dialect).findFirst(),
                tunnels.stream().map(Tunnel::address).findFirst());
    }

    private static Lately lately(
            List<Tunnel> tunnels, TunnelCounts counts, Optional<LastRefusal> lastRefusal, Instant started) {
        Instant awaySince = counts.lastEnd().map(TunnelEnd::at).orElse(started);
        return new Lately(
                tunnels.stream()
                        .map(Tunnel::since)
                        .min(Comparator.naturalOrder())
                        .orElse(awaySince),
                counts.lastEnd().map(End::of),
                lastRefusal.map(Refusal::of),
                tunnels.stream()
                        .flatMap(tunnel -> tunnel.roundTripMillis().stream())
                        .min(Comparator.naturalOrder()));
    }
}
