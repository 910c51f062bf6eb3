package io.portproxy.server;

import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.RouteSettings;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules for granted ports: finds or binds the port that a remote asks for. On the thread of {@link GrantThread}. */
final class GrantedPorts {
    /** The owner of the remotes. */
    interface Owner {
        /** The current remotes. Any thread. */
        Collection<Remote> all();

        /** Whether the server may have another port. Any thread. */
        boolean hasRoom();

        /** Runs a task unless the server has stopped. Returns whether it ran. */
        boolean unlessStopped(Runnable task);
    }

    private final Owner remotes;
    private final GrantExpiry expiry;
    private final GrantMeter meter;

    /** @param expiry takes a kept port back when a new one needs its place */
    GrantedPorts(Owner remotes, GrantExpiry expiry, GrantMeter meter) {
        this.remotes = remotes;
        this.expiry = expiry;
        this.meter = meter;
    }

    /**
     * Returns the port that a remote asks for: one that it already has, or a new one within its grant.
     *
     * @throws WishRefusedException the remote gets no port
     */
    GrantedPort port(Remote remote, Grant grant, Expose wish) throws WishRefusedException {
        Optional<GrantedPort> there = find(remote, wish);
        return there.isPresent() ? there.get() : give(remote, grant, wish);
    }

    /**
     * Returns the port that already leads to the wanted target. If the remote insists on a port number, a port of its
     * own with that number that nobody wants now is also possible; it then leads to the new target.
     */
    private Optional<GrantedPort> find(Remote remote, Expose wish) throws WishRefusedException {
        Optional<GrantedPort> same = remote.exposed().granted().stream()
                .filter(port -> leadsTo(port, wish))
                .filter(port -> !wish.only() || port.number() == wish.port())
                .findFirst();
        if (same.isPresent() || !wish.only()) {
            return same;
        }
        Optional<GrantedPort> other = remote.exposed().granted().stream()
                .filter(port -> port.number() == wish.port())
                .findFirst();
        if (other.isPresent() && other.get().isWanted()) {
            throw new WishRefusedException(
                    ExposeRefusal.TAKEN,
                    "port " + wish.port() + " leads to "
                            + other.get().port().route().target() + " of this remote already");
        }
        other.ifPresent(port -> {
            meter.totals().closed(remote.grantedBy(), port.port().route());
            lead(port.port(), remote, wish);
        });
        return other;
    }

    private static boolean leadsTo(GrantedPort port, Expose wish) {
        RouteSettings settings = port.port().route().settings();
        return settings.targetPort() == wish.targetPort()
                && settings.targetHost().equals(GrantedHosts.targetHost(wish));
    }

    private static void lead(ExposedPort port, Remote remote, Expose wish) {
        RouteSettings settings =
                new RouteSettings(true, GrantedHosts.targetHost(wish), wish.targetPort(), Optional.empty());
        port.lead(
                new Route(
                        port.bound(),
                        remote.name(),
                        settings,
                        remote.loop(),
                        remote.exposed().access(),
                        remote.exposed().levels()),
                remote.users());
    }

    private GrantedPort give(Remote remote, Grant grant, Expose wish) throws WishRefusedException {
        List<GrantedPort> mine = remote.exposed().granted();
        Optional<GrantedPort> least = mine.size() < grant.max() ? Optional.empty() : leastWanted(mine);
        if (mine.size() >= grant.max() && least.isEmpty()) {
            throw new WishRefusedException(
                    ExposeRefusal.LIMIT,
                    "this remote has " + mine.size() + " ports, and may have no more (max: " + grant.max() + ")");
        }
        if (least.isEmpty() && !remotes.hasRoom()) {
            throw new WishRefusedException(
                    ExposeRefusal.LIMIT, "the server has reached its limit of ports (portproxy.server.max-ports)");
        }
        ExposedPort bound = bind(remote, grant, wish);
        lead(bound, remote, wish);
        GrantedPort fresh = new GrantedPort(bound);
        if (!remotes.unlessStopped(() -> remote.exposed().grant(fresh))) {
            bound.close();
            throw new WishRefusedException(ExposeRefusal.BUSY, "this server is shutting down");
        }
        least.ifPresent(old -> expiry.close(remote, old, "it has asked for another one"));
        bound.start();
        GrantNews.given(remote, fresh);
        return fresh;
    }

    private static Optional<GrantedPort> leastWanted(List<GrantedPort> ports) {
        return ports.stream().filter(port -> !port.isWanted()).min(Comparator.comparingLong(GrantedPort::leftAt));
    }

    private ExposedPort bind(Remote remote, Grant grant, Expose wish) throws WishRefusedException {
        GrantCandidates candidates = new GrantCandidates(grant, addresses(), remote.loop());
        if (wish.only()) {
            return candidates
                    .bind(wish.port())
                    .orElseThrow(() -> new WishRefusedException(
                            ExposeRefusal.TAKEN,
                            "port " + wish.port() + " is taken: another remote, or another program, has it"));
        }
        return candidates
                .bindAny(wish.port(), remote.name() + '\n' + GrantedHosts.target(wish))
                .orElseThrow(() -> new WishRefusedException(
                        ExposeRefusal.NONE_FREE, "none of the ports " + grant.ports() + " is free"));
    }

    /** The addresses of all granted ports. */
    private Set<InetSocketAddress> addresses() {
        return remotes.all().stream()
                .flatMap(remote -> remote.exposed().granted().stream())
                .map(port -> port.address())
                .collect(Collectors.toSet());
    }
}
