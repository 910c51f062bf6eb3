package io.portproxy.server;

import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.protocol.ExposeRefused;
import io.portproxy.protocol.Exposed;
import io.portproxy.protocol.Printable;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.HostSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answers to requests of remotes for ports and hosts, within their grants. What is no longer granted is taken back.
 * A granted port stays bound while its remote is away, for the time that the grant allows ({@link GrantExpiry}), so
 * that nobody else can get it. On the thread of {@link GrantThread}, unless a method says otherwise.
 */
final class Grants implements Remote.Requests {
    /** The owner of the remotes and templates. */
    interface Owner extends GrantedPorts.Owner, GrantExpiry.Owner {
        /** The current templates. Any thread. */
        Collection<RemoteSettings> templates();

        /** Returns the remote with that name. Any thread. */
        Optional<Remote> find(String name);

        /** A remote has lost a port or host that it had asked for. Any thread. */
        void left(Route route);
    }

    private static final String NO_GRANT = "the server grants this remote nothing (grants)";
    private static final String NO_GATEWAY = "the server has no gateway for web applications";
    private static final String NO_GATEWAY_NOW = "no gateway of the server leads to the host just now";

    private final Owner remotes;
    private final Gateways gateways;
    private final GrantThread thread;
    private final GrantMeter meter = new GrantMeter();
    private final GrantExpiry expiry;
    private final GrantedPorts ports;
    private final GrantedHosts hosts;

    /** @param gateways the gateways that lead to granted hosts */
    Grants(Owner remotes, Gateways gateways, GrantThread thread) {
        this.remotes = remotes;
        this.gateways = gateways;
        this.thread = thread;
        this.expiry = new GrantExpiry(remotes, gateways, thread, meter.totals());
        this.ports = new GrantedPorts(remotes, expiry, meter);
        this.hosts = new GrantedHosts(gateways);
    }

    /** Any thread. */
    @Override
    public void ask(Remote remote, Asker asker, Expose wish, Consumer<ExposeInstruction> answer) {
        if (!thread.ask(() -> answer.accept(answer(remote, asker, wish)))) {
            answer.accept(refuse(remote, wish, ExposeRefusal.BUSY, "this server is too busy, or stops; try again"));
        }
    }

    /** Removes the requests of the tunnel. Any thread. */
    @Override
    public void ended(Remote remote, RemoteTunnel tunnel) {
        thread.must(() -> expiry.leave(remote, asker -> asker.tunnel() == tunnel));
    }

    /** Any thread. */
    @Override
    public void left(Route route) {
        remotes.left(route);
    }

    /** Any thread. */
    @Override
    public void idle(Remote remote) {
        thread.must(() -> remotes.forgetIfIdle(remote));
    }

    private ExposeInstruction answer(Remote remote, Asker asker, Expose wish) {
        try {
            Grant grant = grant(remote, wish);
            expiry.leave(remote, asker::isSame); // the remote may have used the number for another request before
            if (wish.type() == Expose.HTTP) {
                return host(remote, grant, asker, wish);
            }
            GrantedPort port = ports.port(remote, grant, wish);
            port.add(asker);
            meter.granted();
            InetAddress host = port.address().getAddress();
            return new Exposed(wish.number(), port.number(), host.isAnyLocalAddress() ? "" : host.getHostAddress());
        } catch (WishRefusedException e) {
            return refuse(remote, wish, e.reason(), String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a request: counts and reports it, and returns the answer. Any thread. */
    private ExposeRefused refuse(Remote remote, Expose wish, ExposeRefusal reason, String message) {
        return refuse(remote, wish.number(), GrantedHosts.target(wish), reason, message);
    }

    private ExposeRefused refuse(Remote remote, int number, String target, ExposeRefusal reason, String message) {
        meter.refused(reason);
        GrantNews.refused(remote, target, reason, message);
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
                    "type " + wish.type() + " is unknown to this server; it knows 0 (tcp) and 1 (http)");
        }
        if (wish.targetPort() == 0 || !wish.targetHost().map(Printable::is).orElse(true)) {
            throw new WishRefusedException(
                    ExposeRefusal.UNSUPPORTED, "this is no target: " + GrantedHosts.target(wish));
        }
        if (wish.type() == Expose.TCP && !grant.hasPorts()) {
            throw new WishRefusedException(ExposeRefusal.NOT_GRANTED, NO_GRANT);
        }
        if (wish.only() && (wish.type() == Expose.HTTP || !grant.has(wish.port()))) {
            throw new WishRefusedException(
                    ExposeRefusal.OUTSIDE,
                    wish.type() == Expose.HTTP
                            ? "a web application gets a host name, and cannot ask for a port"
                            : "port " + wish.port() + " is not granted to this remote; " + grant.ports() + " are");
        }
        return grant;
    }

    private Exposed host(Remote remote, Grant grant, Asker asker, Expose wish) throws WishRefusedException {
        HostSettings wanted = hosts.wanted(remote, grant, wish, remotes.all());
        Optional<Exposed> address = hosts.address(wanted);
        Optional<GrantedHost> there = remote.exposed().grantedHosts().stream()
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
            there.get().add(asker); // the remote gets another answer when a gateway is there again
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
            there.ifPresent(old -> expiry.close(remote, old, "it has asked for another target"));
            give(remote, wanted, asker, address);
        }
        meter.granted();
        return exposed(asker, address.get());
    }

    private static Exposed exposed(Asker asker, Exposed address) {
        return new Exposed(asker.number(), address.port(), address.host());
    }

    private void give(Remote remote, HostSettings wanted, Asker asker, Optional<Exposed> address)
            throws WishRefusedException {
        boolean given = remotes.unlessStopped(() -> {
            GrantedHost fresh = remote.exposed().grant(wanted);
            fresh.add(asker);
            fresh.tells(address);
            gateways.lead(remotes.all());
            GrantNews.given(remote, fresh);
        });
        if (!given) {
            throw new WishRefusedException(ExposeRefusal.BUSY, "this server is shutting down");
        }
    }

    /**
     * Takes back what is no longer granted, and tells remotes where users reach their hosts now. Called after the
     * remotes and gateways have changed, and before the gateways get their new hosts.
     */
    void check(Collection<Remote> all, Duration drain) {
        meter.totals()
                .retain(Stream.concat(
                                remotes.templates().stream().map(RemoteSettings::name),
                                all.stream().map(Remote::grantedBy))
                        .collect(Collectors.toSet()));
        for (Remote remote : all) {
            int room = remote.settings().grant().map(Grant::max).orElse(0);
            for (GrantedPort port : remote.exposed().granted()) {
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
            for (GrantedHost host : remote.exposed().grantedHosts()) {
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
        expiry.close(remote, old, why);
        old.routes().forEach(route -> remote.exposed().endStreams(route, drain));
        String what = old instanceof GrantedPort port ? "port " + port.number() : "host " + old.bound();
        for (Asker asker : old.askers()) {
            ExposeRefused answer =
                    refuse(remote, asker.number(), old.route().target(), ExposeRefusal.NOT_GRANTED, what + ": " + why);
            send(asker, answer);
        }
    }

    /** Tells the remote if users now reach the host elsewhere: the gateway may have another address, or may be gone. */
    private void tellIfMoved(Remote remote, GrantedHost host) {
        Optional<Exposed> now;
        try {
            now = hosts.address(host.hosted().settings());
        } catch (WishRefusedException e) {
            now = Optional.empty(); // the address is too long to be sent
        }
        if (!host.tells(now)) {
            return;
        }
        GrantNews.moved(remote, host, now.map(Exposed::host).orElse("nowhere"));
        for (Asker asker : host.askers()) {
            ExposeInstruction answer = now.<ExposeInstruction>map(address -> exposed(asker, address))
                    .orElseGet(() -> refuse(
                            remote, asker.number(), host.route().target(), ExposeRefusal.NONE_FREE, NO_GATEWAY_NOW));
            send(asker, answer);
        }
    }

    private static void send(Asker asker, ExposeInstruction answer) {
        asker.control().loop().executeUnlessEnded(() -> asker.control().send(answer));
    }

    /** Counts of the ports and hosts that remotes ask for. Any thread. */
    GrantCounts counts(long remotesRefused) {
        return meter.counts(remotes.templates(), remotes.all(), remotesRefused);
    }
}
