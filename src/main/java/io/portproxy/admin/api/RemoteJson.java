package io.portproxy.admin.api;

import io.portproxy.admin.events.Role;
import io.portproxy.client.ClientView;
import io.portproxy.server.LastRefusal;
import io.portproxy.server.PortView;
import io.portproxy.server.RemoteView;
import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.TunnelCounts;
import io.portproxy.tunnel.TunnelEnd;
import io.portproxy.tunnel.TunnelView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A remote, as one role of this process sees it.
 *
 * @param name the remote's name
 * @param role in which role of this process it is seen: {@code server}, as the proxy server of this process sees it; {@code client}, it is this process itself
 * @param state {@code up} while it has a tunnel, else {@code away}
 * @param instances how many processes have the name
 * @param dialect {@code extended} or {@code classic}, of the first tunnel; null while it is away
 * @param address the other end of the first tunnel; null while it is away
 * @param server the address of the proxy server that it dials, as configured; null at the server
 * @param servers the proxy server's addresses that are dialled: one, or with {@code connect-to: all} each; empty at the server
 * @param since since when the remote has been in this state; while it is away and was never here, since this process started
 * @param lastEnd how the tunnel that ended last has ended; null before the first end
 * @param lastRefusal the greeting with its name that was refused last; null at the client, and before the first
 * @param roundTripMillis the shortest round trip last measured, in milliseconds; null while there is none
 * @param tunnels the remote's tunnels that are up
 * @param ports the addresses exposed for it; empty at the client
 * @param streams counts of its connections since the start
 * @param connects how often a tunnel came up; null at the server
 * @param failures how often a tunnel was lost or did not come up; null at the server
 * @param lastFailure why a tunnel was lost or did not come up the last time; null at the server, and before the first
 */
@Schema(name = "Remote")
record RemoteJson(
        String name,
        String role,
        String state,
        int instances,
        Optional<String> dialect,
        Optional<String> address,
        Optional<String> server,
        List<ClientView.Server> servers,
        Instant since,
        Optional<End> lastEnd,
        Optional<Refusal> lastRefusal,
        Optional<Double> roundTripMillis,
        List<Tunnel> tunnels,
        List<String> ports,
        Streams streams,
        Optional<Long> connects,
        Optional<Long> failures,
        Optional<String> lastFailure) {

    /**
     * A tunnel that is up.
     *
     * @param address the address of the tunnel's other end
     * @param dialect the tunnel's dialect, {@code extended} or {@code classic}
     * @param security how the tunnel is protected: {@code plain}, or TLS's version and cipher suite
     * @param instance the process at the other end, 32 hexadecimal digits; null at the client
     * @param since when the tunnel came up
     * @param roundTripMillis the round trip last measured, in milliseconds; null before the first, and in the classic
     *     dialect
     * @param streams how many connections it carries
     * @param available whether it takes new connections
     */
    record Tunnel(
            String address,
            String dialect,
            String security,
            Optional<String> instance,
            Instant since,
            Optional<Double> roundTripMillis,
            int streams,
            boolean available) {

        static Tunnel of(TunnelView view, Optional<String> instance) {
            return new Tunnel(
                    view.address(),
                    view.dialect(),
                    view.security(),
                    instance,
                    view.since(),
                    view.roundTripNanos().map(nanos -> nanos / 1e6),
                    view.streams(),
                    view.available());
        }
    }

    /**
     * What connections have come to since the start.
     *
     * @param live connections that are open
     * @param total connections that were opened
     * @param bytesIn bytes from users
     * @param bytesOut bytes for users
     * @param closed connections that have ended, by reason
     */
    record Streams(long live, long total, long bytesIn, long bytesOut, Map<String, Long> closed) {
        static Streams of(StreamCounts counts) {
            return new Streams(counts.live(), counts.opened(), counts.bytesIn(), counts.bytesOut(), counts.closed());
        }
    }

    /**
     * How a tunnel ended.
     *
     * @param at when the tunnel ended
     * @param address the address of its other end
     * @param reason why it ended, as in {@code idle_timeout}
     * @param message what happened, for people
     */
    @Schema(name = "TunnelEnd")
    record End(Instant at, String address, String reason, String message) {
        static End of(TunnelEnd end) {
            return new End(end.at(), end.address(), end.reason(), end.message());
        }
    }

    /**
     * A greeting that was refused.
     *
     * @param at when the greeting was refused
     * @param address the address it came from
     * @param message why it was refused, for people
     */
    @Schema(name = "Refusal")
    record Refusal(Instant at, String address, String message) {
        static Refusal of(LastRefusal refusal) {
            return new Refusal(refusal.at(), refusal.address(), refusal.message());
        }
    }

    /** @param started since when the process runs */
    static RemoteJson of(RemoteView remote, Instant started) {
        List<Tunnel> tunnels = remote.tunnels().stream()
                .map(tunnel -> Tunnel.of(tunnel.handle().view(), Optional.of(tunnel.instance())))
                .toList();
        return of(
                remote.name(),
                Role.SERVER,
                (int) tunnels.stream().map(Tunnel::instance).distinct().count(),
                tunnels,
                remote.ports().stream().map(PortView::bind).toList(),
                remote.streams(),
                remote.counts(),
                remote.lastRefusal(),
                started,
                Optional.empty());
    }

    /** @param started since when the process runs */
    static RemoteJson of(ClientView client, Instant started) {
        List<Tunnel> tunnels = client.tunnels().stream()
                .map(handle -> Tunnel.of(handle.view(), Optional.empty()))
                .toList();
        return of(
                client.name(),
                Role.CLIENT,
                1,
                tunnels,
                List.of(),
                client.streams(),
                client.counts(),
                Optional.empty(),
                started,
                Optional.of(client));
    }

    private static RemoteJson of(
            String name,
            Role role,
            int instances,
            List<Tunnel> tunnels,
            List<String> ports,
            StreamCounts streams,
            TunnelCounts counts,
            Optional<LastRefusal> lastRefusal,
            Instant started,
            Optional<ClientView> client) {
        Instant awaySince = counts.lastEnd().map(TunnelEnd::at).orElse(started);
        return new RemoteJson(
                name,
                role.key(),
                tunnels.isEmpty() ? "away" : "up",
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
                        .flatMap(tunnel -> tunnel.roundTripMillis.stream())
                        .min(Comparator.naturalOrder()),
                tunnels,
                ports,
                Streams.of(streams),
                client.map(ClientView::connects),
                client.map(ClientView::failures),
                client.flatMap(ClientView::lastFailure));
    }
}
