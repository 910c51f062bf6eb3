package io.portproxy.server;

import io.portproxy.http.HostTable;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.Forwarding;
import io.portproxy.server.exposed.gateway.Gateway;
import io.portproxy.server.exposed.gateway.GatewayAccess;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostClaims;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.user.IncomingConnection;
import io.portproxy.server.exposed.user.WebServices;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The gateways and their hosts. They change together with the remotes, on the same thread. */
final class Gateways implements PortsAndHosts.Fronts {
    private final Supplier<EventLoop> loops;
    private final TlsResources tls;
    private final Consumer<IncomingConnection> tunnels;
    private final WebServices web;
    private final Duration headerTimeout;
    private volatile List<Gateway> bound = List.of();
    private volatile Access access = Access.ALL;

    /**
     * @param loops gives each gateway its loop
     * @param tls the resources that all TLS handshakes share
     * @param tunnels takes connections of remotes that come through a gateway, on the gateway's loop
     * @param web the services that all hosts share
     * @param headerTimeout how long a connection may take to send its header of the PROXY protocol
     */
    Gateways(
            Supplier<EventLoop> loops,
            TlsResources tls,
            Consumer<IncomingConnection> tunnels,
            WebServices web,
            Duration headerTimeout) {
        this.headerTimeout = headerTimeout;
        this.tunnels = tunnels;
        this.tls = tls;
        this.web = web;
        this.loops = loops;
    }

    /**
     * Prepares a change: binds the new addresses, and touches nothing else.
     *
     * @param settings all gateways after the change; no name and no address twice
     * @throws ListenException an address cannot be listened on; nothing has changed
     */
    Change prepare(List<GatewaySettings> settings) throws ListenException {
        Change change = new Change();
        try {
            for (GatewaySettings one : settings) {
                change.add(one);
            }
        } catch (ListenException | RuntimeException | Error e) {
            change.abandon();
            throw e;
        }
        return change;
    }

    /** Returns the settings whose addresses are not bound yet. */
    List<GatewaySettings> missing(List<GatewaySettings> settings) {
        return settings.stream()
                .filter(wanted -> bound.stream().noneMatch(gateway -> gateway.isAt(wanted)))
                .toList();
    }

    /** @throws ListenException a gateway has that address; the system would only say that the address is in use */
    void requireNoneAt(SocketAddress address) throws ListenException {
        for (Gateway gateway : bound) {
            if (Sockets.overlap(gateway.address(), address)) {
                throw new ListenException(address, new IOException("listened on by gateway " + gateway.name()));
            }
        }
    }

    /** A change from the current gateways to others. A gateway at the same address as before stays the same one. */
    final class Change {
        private final Map<Gateway, GatewaySettings> after = new LinkedHashMap<>();
        private final List<Gateway> fresh = new ArrayList<>();

        private void add(GatewaySettings settings) throws ListenException {
            Optional<Gateway> there = bound.stream()
                    .filter(gateway -> !after.containsKey(gateway))
                    .filter(gateway -> gateway.isAt(settings))
                    .findFirst();
            if (there.isPresent()) {
                after.put(there.get(), settings);
                return;
            }
            requireNoneAt(settings.bind());
            Gateway gateway = Gateway.bind(settings, loops.get(), tls, tunnels, web, headerTimeout);
            fresh.add(gateway);
            after.put(gateway, settings);
        }

        /** Applies the change. The caller then calls {@link #lead}, and after that {@link #start}. */
        void apply() {
            List<Gateway> before = bound;
            after.forEach(Gateway::change);
            bound = List.copyOf(after.keySet());
            before.stream().filter(gateway -> !after.containsKey(gateway)).forEach(gateway -> {
                // requests on open connections get the answer 404
                gateway.lead(new HostTable<>(List.of()), GatewayAccess.OPEN);
                gateway.close();
            });
        }

        /** Accepts users at the new addresses. */
        void start() {
            fresh.forEach(Gateway::start);
        }

        /** Undoes the preparation: closes the gateways that it has bound. */
        void abandon() {
            fresh.forEach(Gateway::close);
        }
    }

    void close() {
        bound.forEach(Gateway::close);
    }

    /** All gateways, in the order of the settings; none before the first change. Any thread. */
    List<Gateway> all() {
        return bound;
    }

    /**
     * Checks that no host of the plan is there twice.
     *
     * @throws IllegalArgumentException two remotes have the same host and path at a gateway
     */
    static void check(Exposure plan) {
        HostClaims<String> claims = new HostClaims<>();
        for (RemoteSettings remote : plan.remotes()) {
            for (HostSettings host : remote.hosts()) {
                for (GatewaySettings gateway : plan.gateways()) {
                    claims.claim(gateway.name(), host, remote.name()).ifPresent(other -> {
                        throw new IllegalArgumentException("host " + host.address() + " at gateway " + gateway.name()
                                + " for remote " + other + " and for remote " + remote.name());
                    });
                }
            }
        }
    }

    /** Sets who may connect to hosts without an access list. It takes effect with the next {@link #lead}. */
    void admit(Access forAll) {
        access = forAll;
    }

    /** Makes the gateways lead to the hosts of these remotes. */
    void lead(Iterable<Remote> remotes) {
        Map<Gateway, List<HostTable.Entry<Forwarding>>> entries = new LinkedHashMap<>();
        bound.forEach(gateway -> entries.put(gateway, new ArrayList<>()));
        for (Remote remote : remotes) {
            for (Hosted hosted : remote.exposed().allHosted()) {
                HostSettings host = hosted.settings();
                Forwarding forwarding = new Forwarding(hosted.route(), remote.users());
                entries.forEach((gateway, hosts) -> {
                    if (host.isOn(gateway.name())) {
                        hosts.add(new HostTable.Entry<>(host.host(), host.path(), forwarding));
                    }
                });
            }
        }
        entries.forEach((gateway, hosts) -> gateway.lead(new HostTable<>(hosts), access(hosts)));
    }

    /** Before a user has named a host, a gateway can refuse the user only if no host has another access list. */
    private GatewayAccess access(List<HostTable.Entry<Forwarding>> hosts) {
        Access forAll = access;
        return new GatewayAccess(
                forAll,
                hosts.stream().allMatch(host -> host.value().route().access().equals(forAll)));
    }

    /** The URLs of a host, https before http. Any thread. */
    @Override
    public List<String> urls(HostSettings host) {
        return fronts(host).flatMap(gateway -> gateway.url(host).stream()).toList();
    }

    /** Whether the host is the name by which remotes reach the tunnel port at a gateway. Any thread. */
    boolean isTunnel(HostSettings host) {
        return bound.stream()
                .flatMap(gateway -> gateway.tunnel().stream())
                .anyMatch(host.host().text()::equals);
    }

    /** The gateway for the URL of a host: one with https, if there is one. Any thread. */
    Optional<Gateway> front(HostSettings host) {
        return fronts(host).findFirst();
    }

    private Stream<Gateway> fronts(HostSettings host) {
        return bound.stream()
                .filter(gateway -> host.isOn(gateway.name()))
                .filter(gateway -> gateway.url(host).isPresent())
                .sorted(Comparator.comparing(gateway -> !gateway.isTls()));
    }

    /** Why users cannot reach a host; empty if they can. Any thread. */
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
