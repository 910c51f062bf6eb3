package io.portproxy.server;

import io.portproxy.http.HostTable;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.exposed.Gateway;
import io.portproxy.server.exposed.GatewaySettings;
import io.portproxy.server.exposed.HostClaims;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.UserConnection;
import io.portproxy.server.exposed.WebServices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The gateways, and where their hosts lead. Changed as the remotes are, and by the same thread. */
final class Gateways implements Remote.Fronts {
    private final List<GatewaySettings> settings;
    private final Supplier<EventLoop> loops;
    private final TlsResources tls;
    private final Consumer<UserConnection> tunnels;
    private final WebServices web;
    private volatile List<Gateway> bound = List.of();

    /**
     * @param loops gives each gateway its loop
     * @param tls what TLS handshakes share
     * @param tunnels takes remotes that come by a gateway, on its loop
     * @param web what all hosts share
     */
    Gateways(
            List<GatewaySettings> settings,
            Supplier<EventLoop> loops,
            TlsResources tls,
            Consumer<UserConnection> tunnels,
            WebServices web) {
        this.tunnels = tunnels;
        this.settings = settings;
        this.tls = tls;
        this.web = web;
        this.loops = loops;
    }

    /**
     * Binds all; users are taken from {@link #start} on. Once.
     *
     * @throws ListenException one cannot be bound; none is, then
     */
    void bind() throws ListenException {
        List<Gateway> all = new ArrayList<>();
        try {
            for (GatewaySettings one : settings) {
                all.add(Gateway.bind(one, loops.get(), tls, tunnels, web));
            }
        } catch (ListenException e) {
            all.forEach(Gateway::close);
            throw e;
        }
        bound = List.copyOf(all);
    }

    void start() {
        bound.forEach(Gateway::start);
    }

    void close() {
        bound.forEach(Gateway::close);
    }

    /** All, in the order of the settings; none before {@link #bind}. Any thread. */
    List<Gateway> all() {
        return bound;
    }

    /**
     * Looks whether hosts can be led to.
     *
     * @throws IllegalArgumentException two remotes have the same host and path at a gateway
     */
    void check(Iterable<RemoteSettings> remotes) {
        HostClaims<String> claims = new HostClaims<>();
        for (RemoteSettings remote : remotes) {
            for (HostSettings host : remote.hosts()) {
                for (GatewaySettings gateway : settings) {
                    claims.claim(gateway.name(), host, remote.name()).ifPresent(other -> {
                        throw new IllegalArgumentException("host " + host.address() + " at gateway " + gateway.name()
                                + " for remote " + other + " and for remote " + remote.name());
                    });
                }
            }
        }
    }

    /** From now on the gateways lead to the hosts of these remotes. */
    void lead(Iterable<Remote> remotes) {
        Map<Gateway, List<HostTable.Entry<Gateway.Way>>> entries = new LinkedHashMap<>();
        bound.forEach(gateway -> entries.put(gateway, new ArrayList<>()));
        for (Remote remote : remotes) {
            for (Hosted hosted : remote.allHosted()) {
                HostSettings host = hosted.settings();
                Gateway.Way way = new Gateway.Way(hosted.route(), remote.users());
                entries.forEach((gateway, hosts) -> {
                    if (host.isOn(gateway.name())) {
                        hosts.add(new HostTable.Entry<>(host.host(), host.path(), way));
                    }
                });
            }
        }
        entries.forEach((gateway, hosts) -> gateway.lead(new HostTable<>(hosts)));
    }

    /** What users write to reach a host, https before http. Any thread. */
    @Override
    public List<String> urls(HostSettings host) {
        return fronts(host).flatMap(gateway -> gateway.url(host).stream()).toList();
    }

    /** The gateway by which users reach a host best. Any thread. */
    Optional<Gateway> front(HostSettings host) {
        return fronts(host).findFirst();
    }

    private Stream<Gateway> fronts(HostSettings host) {
        return bound.stream()
                .filter(gateway -> host.isOn(gateway.name()))
                .filter(gateway -> gateway.url(host).isPresent())
                .sorted(Comparator.comparing(gateway -> !gateway.isTls()));
    }

    /** Whether a route's users can connect: empty, or why not. Any thread. */
    @Override
    public Optional<String> trouble(HostSettings host) {
        List<Gateway> its =
                bound.stream().filter(gateway -> host.isOn(gateway.name())).toList();
        if (its.isEmpty()) {
            return Optional.of("there is no gateway for it");
        }
        return its.stream().flatMap(gateway -> gateway.trouble().stream()).findFirst();
    }
}
