package io.portproxy.server;

import io.portproxy.net.Sockets;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.protocol.ExposeRefused;
import io.portproxy.protocol.Exposed;
import io.portproxy.protocol.Printable;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.tunnel.telemetry.StreamCounts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives ports and hosts to remotes that ask for them, within what they are granted. A port that was given stays bound, and so is nobody
 * else's, until its remote was away for as long as the grant says; nothing else is kept. All at the {@link Desk}, where nothing else
 * is said.
 */
final class Grants {
    private static final Logger log = LoggerFactory.getLogger(Grants.class);

    /** What it has to know, and tell. */
    interface Owner {
        /** Those that there are. Any thread. */
        Collection<Remote> all();

        /** The templates. Any thread. */
        Collection<RemoteSettings> templates();

        /** The one with that name. Any thread. */
        Optional<Remote> find(String name);

        /** Whether there may be another port. Any thread. */
        boolean hasRoom();

        /** Does something unless the server has stopped; {@code false}: it has. */
        boolean unlessStopped(Runnable task);

        /** It has no port any more, and goes if it is of a template and has no tunnel. */
        void forgetIfIdle(Remote remote);
    }

    private static final String NO_GRANT = "the server grants this remote nothing (grants)";
    private static final String NO_GATEWAY = "the server has no gateway for web applications";
    private static final String NO_GATEWAY_NOW = "no gateway of the server leads to the host just now";

    private final Owner remotes;
    private final Gateways gateways;
    private final GrantedHosts hosts;
    private final Desk desk;
    private final GrantTotals totals = new GrantTotals();
    private final LongAdder granted = new LongAdder();
    private final Map<ExposeRefusal, LongAdder> refused = new EnumMap<>(ExposeRefusal.class);

    /** @param gateways lead to hosts that are given */
    Grants(Owner remotes, Gateways gateways, Desk desk) {
        this.remotes = remotes;
        this.gateways = gateways;
        this.hosts = new GrantedHosts(gateways);
        this.desk = desk;
        for (ExposeRefusal reason : ExposeRefusal.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /** The answer to what a remote asks for. */
    ExposeInstruction ask(Remote remote, Asker asker, Expose wish) {
        try {
            Grant grant = grant(remote, wish);
            leave(remote, asker::isSame); // what it asked for by that number before
            if (wish.type() == Expose.HTTP) {
                return host(remote, grant, asker, wish);
            }
            GrantedPort port = find(remote, wish).orElse(null);
            if (port == null) {
                port = give(remote, grant, wish);
            }
            port.add(asker);
            granted.increment();
            InetAddress host = port.address().getAddress();
            return new Exposed(wish.number(), port.number(), host.isAnyLocalAddress() ? "" : host.getHostAddress());
        } catch (WishRefusedException e) {
            return refuse(remote, wish, e.reason(), String.valueOf(e.getMessage()));
        }
    }

    /** Says no. Any thread. */
    ExposeRefused refuse(Remote remote, Expose wish, ExposeRefusal reason, String message) {
        return refuse(remote, wish.number(), target(wish), reason, message);
    }

    private ExposeRefused refuse(Remote remote, int number, String target, ExposeRefusal reason, String message) {
        Objects.requireNonNull(refused.get(reason)).increment();
        remote.events().portRefused(target, reason.key(), message);
        remote.events()
                .logFields()
                .andReason(reason.key())
                .log(() -> log.debug("remote {} gets no port: {}", remote.name(), message));
        return new ExposeRefused(number, reason, message);
    }

    private Grant grant(Remote remote, Expose wish) throws WishRefusedException {
        Grant grant = remotes.find(remote.name())
                .filter(known -> known == remote)
                .flatMap(known -> known.settings().grant())
                .orElseThrow(() -> new WishRefusedException(ExposeRefusal.NOT_GRANTED, NO_GRANT));
        if (wish.type() != Expose.TCP && wish.type() != Expose.HTTP) {
            throw new WishRefusedException(
                    ExposeRefusal.UNSUPPORTED,
                    "type " + wish.type() + " is not known here; 0, which is tcp, and 1, which is http, are");
        }
        if (wish.targetPort() == 0 || !wish.targetHost().map(Printable::is).orElse(true)) {
            throw new WishRefusedException(ExposeRefusal.UNSUPPORTED, "this is no target: " + target(wish));
        }
        if (wish.type() == Expose.TCP && !grant.hasPorts()) {
            throw new WishRefusedException(ExposeRefusal.NOT_GRANTED, NO_GRANT);
        }
        if (wish.only() && (wish.type() == Expose.HTTP || !grant.has(wish.port()))) {
            throw new WishRefusedException(
                    ExposeRefusal.OUTSIDE,
                    wish.type() == Expose.HTTP
                            ? "a web application has a host name, and no port of its own"
                            : "port " + wish.port() + " is not granted to this remote; " + grant.ports() + " are");
        }
        return grant;
    }

    private Exposed host(Remote remote, Grant grant, Asker asker, Expose wish) throws WishRefusedException {
        HostSettings wanted = hosts.wanted(remote, grant, wish, remotes.all());
        Optional<Exposed> address = hosts.address(wanted);
        Optional<GrantedHost> there = remote.grantedHosts().stream()
                .filter(host -> host.hosted().settings().address().equals(wanted.address()))
                .findFirst();
        boolean same =
                there.filter(host -> host.hosted().settings().equals(wanted)).isPresent();
        if (there.isPresent() && !same && there.get().isWanted()) {
            throw new WishRefusedException(
                    ExposeRefusal.TAKEN,
                    "host " + wanted.address() + " leads to "
                            + there.get().route().target() + " of this remote already");
        }
        if (same) {
            there.get().add(asker); // which is told anew when a gateway is there again
            if (address.isEmpty()) {
                throw new WishRefusedException(ExposeRefusal.NONE_FREE, NO_GATEWAY_NOW);
            }
        } else {
            if (address.isEmpty()) {
                throw new WishRefusedException(ExposeRefusal.UNSUPPORTED, NO_GATEWAY);
            }
            if (there.isEmpty() && !remotes.hasRoom()) {
                throw new WishRefusedException(
                        ExposeRefusal.LIMIT, "the server has as many ports and hosts as it may have (max-ports)");
            }
            there.ifPresent(old -> close(remote, old, "it has asked for another target"));
            give(remote, wanted, asker, address);
        }
        granted.increment();
        return exposed(asker, address.get());
    }

    private static Exposed exposed(Asker asker, Exposed address) {
        return new Exposed(asker.number(), address.port(), address.host());
    }

    private void give(Remote remote, HostSettings wanted, Asker asker, Optional<Exposed> address)
            throws WishRefusedException {
        boolean given = remotes.unlessStopped(() -> {
            GrantedHost fresh = remote.grant(wanted);
            fresh.add(asker);
            fresh.tells(address);
            gateways.lead(remotes.all());
            tellGiven(remote, fresh);
        });
        if (!given) {
            throw new WishRefusedException(ExposeRefusal.BUSY, "this server is shutting down");
        }
    }

    private static void tellGiven(Remote remote, Granted fresh) {
        remote.events().portExposed(fresh.bound(), fresh.route().target());
        remote.events()
                .logFields()
                .andPort(fresh.bound())
                .log(() -> log.info(
                        "{} is exposed for {} of remote {}, which has asked for it",
                        fresh.bound(),
                        fresh.route().target(),
                        remote.name()));
    }

    /** The port that the remote has for its target already, or one of its own that it wishes for and nobody wants now. */
    private Optional<GrantedPort> find(Remote remote, Expose wish) throws WishRefusedException {
        Optional<GrantedPort> same = remote.granted().stream()
                .filter(port -> leadsTo(port, wish))
                .filter(port -> !wish.only() || port.number() == wish.port())
                .findFirst();
        if (same.isPresent() || !wish.only()) {
            return same;
        }
        Optional<GrantedPort> other = remote.granted().stream()
                .filter(port -> port.number() == wish.port())
                .findFirst();
        if (other.isPresent() && other.get().isWanted()) {
            throw new WishRefusedException(
                    ExposeRefusal.TAKEN,
                    "port " + wish.port() + " leads to "
                            + other.get().port().route().target() + " of this remote already");
        }
        other.ifPresent(port -> {
            totals.closed(remote.grantedBy(), port.port().route());
            lead(port.port(), remote, wish);
        });
        return other;
    }

    private static boolean leadsTo(GrantedPort port, Expose wish) {
        RouteSettings settings = port.port().route().settings();
        return settings.targetPort() == wish.targetPort()
                && settings.targetHost().equals(GrantedHosts.targetHost(wish));
    }

    private static String target(Expose wish) {
        return Sockets.text(
                Printable.of(GrantedHosts.targetHost(wish).orElse(RouteSettings.LOOPBACK)), wish.targetPort());
    }

    private static void lead(ExposedPort port, Remote remote, Expose wish) {
        RouteSettings settings =
                new RouteSettings(true, GrantedHosts.targetHost(wish), wish.targetPort(), Optional.empty());
        port.lead(
                new Route(port.bound(), remote.name(), settings, remote.loop(), remote.access(), remote.levels()),
                remote.users());
    }

    private GrantedPort give(Remote remote, Grant grant, Expose wish) throws WishRefusedException {
        List<GrantedPort> mine = remote.granted();
        Optional<GrantedPort> least = mine.size() < grant.max() ? Optional.empty() : leastWanted(mine);
        if (mine.size() >= grant.max() && least.isEmpty()) {
            throw new WishRefusedException(
                    ExposeRefusal.LIMIT,
                    "this remote has " + mine.size() + " ports, and may have no more (max: " + grant.max() + ")");
        }
        if (least.isEmpty() && !remotes.hasRoom()) {
            throw new WishRefusedException(
                    ExposeRefusal.LIMIT, "the server has as many ports as it may (portproxy.server.max-ports)");
        }
        ExposedPort bound = bind(remote, grant, wish);
        lead(bound, remote, wish);
        GrantedPort fresh = new GrantedPort(bound);
        if (!remotes.unlessStopped(() -> remote.grant(fresh))) {
            bound.close();
            throw new WishRefusedException(ExposeRefusal.BUSY, "this server is shutting down");
        }
        least.ifPresent(old -> close(remote, old, "it has asked for another one"));
        bound.start();
        tellGiven(remote, fresh);
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
                .bindAny(wish.port(), remote.name() + '\n' + target(wish))
                .orElseThrow(() -> new WishRefusedException(
                        ExposeRefusal.NONE_FREE, "none of the ports " + grant.ports() + " is free"));
    }

    /** Those that remotes have asked for and have. */
    private Set<InetSocketAddress> addresses() {
        return remotes.all().stream()
                .flatMap(remote -> remote.granted().stream())
                .map(GrantedPort::address)
                .collect(Collectors.toSet());
    }

    /** A tunnel of a remote has ended. */
    void ended(Remote remote, RemoteTunnel tunnel) {
        leave(remote, asker -> asker.tunnel() == tunnel);
    }

    private void leave(Remote remote, Predicate<Asker> who) {
        for (Granted one : all(remote)) {
            if (one.remove(who)) {
                Duration sticky = remote.settings().grant().map(Grant::sticky).orElse(Duration.ZERO);
                one.keep(desk.after(sticky, () -> expire(remote, one)).orElse(null));
            }
        }
    }

    private static List<Granted> all(Remote remote) {
        return Stream.<Granted>concat(remote.granted().stream(), remote.grantedHosts().stream())
                .toList();
    }

    private void expire(Remote remote, Granted old) {
        if (!old.isWanted() && all(remote).contains(old)) {
            close(remote, old, "its remote was away for as long as it is kept");
            remotes.unlessStopped(() -> gateways.lead(remotes.all()));
            remotes.forgetIfIdle(remote);
        }
    }

    /** Of a host, the gateways are to be led anew then. */
    private void close(Remote remote, Granted old, String why) {
        if (old instanceof GrantedPort port) {
            remote.takeBack(port);
        } else if (old instanceof GrantedHost host) {
            remote.takeBack(host);
        }
        totals.closed(remote.grantedBy(), old.route());
        old.keep(null);
        String bound = old.bound();
        remote.events().portClosed(bound, old.route().target(), why);
        remote.events()
                .logFields()
                .andPort(bound)
                .log(() -> log.info("{} is not exposed for remote {} any more: {}", bound, remote.name(), why));
    }

    /**
     * Takes back what is not granted any more, and tells remotes where their hosts are now: once the remotes and gateways were changed,
     * and before the gateways are led anew.
     */
    void check(Collection<Remote> all, Duration drain) {
        totals.retain(Stream.concat(
                        remotes.templates().stream().map(RemoteSettings::name),
                        all.stream().map(Remote::grantedBy))
                .collect(Collectors.toSet()));
        for (Remote remote : all) {
            int room = remote.settings().grant().map(Grant::max).orElse(0);
            for (GrantedPort port : remote.granted()) {
                boolean stays = room > 0
                        && remote.settings()
                                .grant()
                                .map(grant -> grant.has(port.address()))
                                .orElse(false);
                if (stays) {
                    room--;
                } else {
                    revoke(remote, port, drain);
                }
            }
            for (GrantedHost host : remote.grantedHosts()) {
                if (hosts.isGranted(remote, host, all)) {
                    tellIfMoved(remote, host);
                } else {
                    revoke(remote, host, drain);
                }
            }
        }
    }

    private void revoke(Remote remote, Granted old, Duration drain) {
        String why = "it is not granted any more";
        close(remote, old, why);
        old.routes().forEach(route -> remote.endStreams(route, drain));
        String what = old instanceof GrantedPort port ? "port " + port.number() : "host " + old.bound();
        for (Asker asker : old.askers()) {
            ExposeRefused answer =
                    refuse(remote, asker.number(), old.route().target(), ExposeRefusal.NOT_GRANTED, what + ": " + why);
            send(asker, answer);
        }
    }

    /** The gateway by which users reached it may have another address now, or be gone. */
    private void tellIfMoved(Remote remote, GrantedHost host) {
        Optional<Exposed> now;
        try {
            now = hosts.address(host.hosted().settings());
        } catch (WishRefusedException e) {
            now = Optional.empty(); // its address is too long to be told
        }
        if (!host.tells(now)) {
            return;
        }
        String where = now.map(Exposed::host).orElse("nowhere");
        remote.events()
                .logFields()
                .andPort(host.bound())
                .log(() -> log.info("{} of remote {} is reached at {} now", host.bound(), remote.name(), where));
        for (Asker asker : host.askers()) {
            ExposeInstruction answer = now.<ExposeInstruction>map(address -> exposed(asker, address))
                    .orElseGet(() -> refuse(
                            remote, asker.number(), host.route().target(), ExposeRefusal.NONE_FREE, NO_GATEWAY_NOW));
            send(asker, answer);
        }
    }

    private static void send(Asker asker, ExposeInstruction answer) {
        asker.carrier().loop().executeUnlessEnded(() -> asker.carrier().send(answer));
    }

    /** What was asked for. Any thread. */
    GrantCounts counts(long remotesRefused) {
        Map<String, Long> byKey = new TreeMap<>();
        refused.forEach((reason, count) -> {
            if (count.sum() > 0) {
                byKey.put(reason.key(), count.sum());
            }
        });
        Map<String, List<Remote>> byOwner = new LinkedHashMap<>();
        remotes.templates().forEach(template -> byOwner.put(template.name(), new ArrayList<>()));
        remotes.all().stream()
                .filter(remote -> remote.settings().grant().isPresent())
                .forEach(remote -> byOwner.computeIfAbsent(remote.grantedBy(), name -> new ArrayList<>())
                        .add(remote));
        return new GrantCounts(
                granted.sum(),
                byKey,
                remotesRefused,
                byOwner.entrySet().stream()
                        .map(owner -> count(owner.getKey(), owner.getValue()))
                        .toList());
    }

    private static int kept(Collection<? extends Granted> granted) {
        return (int) granted.stream().filter(one -> !one.isWanted()).count();
    }

    private GrantCounts.Owner count(String owner, List<Remote> itsRemotes) {
        List<Remote> ofTemplate =
                itsRemotes.stream().filter(Remote::isOfTemplate).toList();
        List<GrantedPort> ports =
                itsRemotes.stream().flatMap(remote -> remote.granted().stream()).toList();
        List<GrantedHost> ofHosts = itsRemotes.stream()
                .flatMap(remote -> remote.grantedHosts().stream())
                .toList();
        StreamCounts closed = totals.closedOf(owner); // first: what is taken back meanwhile counts later, not twice
        Stream<StreamCounts> open = Stream.<Granted>concat(ports.stream(), ofHosts.stream())
                .map(one -> one.route().counts());
        return new GrantCounts.Owner(
                owner,
                ofTemplate.size(),
                ofTemplate.stream().mapToInt(remote -> remote.tunnels().handles().size()).sum(),
                ports.size(),
                kept(ports),
                ofHosts.size(),
                kept(ofHosts),
                StreamCounts.sumOf(Stream.concat(Stream.of(closed), open).toList()));
    }
}
