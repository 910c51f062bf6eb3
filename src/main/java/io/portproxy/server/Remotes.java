package io.portproxy.server;

import io.portproxy.net.ListenException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.GatewaySettings;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The remotes that a proxy server knows and the ports that it exposes for them. They are changed as a whole, from what there is
 * to what there is to be: what is the same in both does not notice. The first change is from nothing. Any thread.
 */
final class Remotes {
    private final BiFunction<RemoteSettings, Remote.Requests, Remote> newRemote;
    private final Desk desk;
    private final Gateways gateways;
    private final Grants grants;
    private final Limits limits;
    private final PortRequests requests;
    private final Tallies tallies = new Tallies(this::all);
    private final LimitLevel userLimits;
    private final LongAdder refused = new LongAdder(); // of templates that had too many
    private volatile Map<String, RemoteSettings> templates = Map.of();
    private volatile Map<String, Remote> byName = Map.of(); // in the order of the settings
    private Map<PortKey, ExposedPort> ports = Map.of();
    private Access access = Access.ALL;
    private boolean stopped;

    /**
     * @param newRemote makes one that has no ports yet
     * @param gateways lead to their hosts
     * @param desk where is done what remotes ask for; closed with this
     * @param limits for what remotes ask for: what they leave is given
     * @param userLimits what all users together may have
     */
    Remotes(
            BiFunction<RemoteSettings, Remote.Requests, Remote> newRemote,
            Gateways gateways,
            Desk desk,
            Limits limits,
            LimitLevel userLimits) {
        this.userLimits = userLimits;
        this.limits = limits;
        this.newRemote = newRemote;
        this.gateways = gateways;
        this.desk = desk;
        this.grants = new Grants(new ForGrants(), gateways, desk);
        this.requests = new PortRequests(desk, grants, this::forgetIfIdle, tallies::left);
    }

    /**
     * What is the same port before and after a change: its address or, where that leaves the choice to the system, the how-manieth
     * of its remote's.
     */
    private record PortKey(SocketAddress address, int count, boolean udp, String remote, int index) {}

    /**
     * Prepares a change: binds the ports and gateways that are new, and touches nothing else. {@link Change#apply} or {@link Change#abandon}
     * is to follow before another is prepared.
     *
     * @param plan what there is to be; no name and no address twice
     * @throws ListenException an address could not be bound; nothing has changed
     * @throws IllegalArgumentException a name, an address, or a host at a gateway, is in it twice
     * @throws IllegalStateException the server has stopped
     */
    synchronized Change prepare(Exposure plan) throws ListenException {
        if (stopped) {
            throw new IllegalStateException("this server has stopped");
        }
        Gateways.check(plan);
        for (GatewaySettings gateway : gateways.missing(plan.gateways())) {
            requireNotOurs(gateway.bind());
            gateways.requireNoneAt(gateway.bind());
        }
        Change change = new Change(gateways.prepare(plan.gateways()), plan.access(), plan.limits());
        try {
            for (RemoteSettings settings : plan.remotes()) {
                change.add(settings);
            }
            change.addRemotesOfTemplates();
        } catch (ListenException | RuntimeException | Error e) {
            change.abandon();
            throw e;
        }
        return change;
    }

    /** From what there is to what there is to be. */
    final class Change {
        private final Gateways.Change front;
        private final Access forAll;
        private final LimitSettings limitsOfAll;
        private final Map<String, Remote> remotesAfter = new LinkedHashMap<>();
        private final Map<String, RemoteSettings> templatesAfter = new LinkedHashMap<>();
        private final Map<PortKey, ExposedPort> portsAfter = new HashMap<>();
        private final Map<Remote, RemoteSettings> settingsAfter = new LinkedHashMap<>();
        private final Map<Remote, List<ExposedPort>> portsOf = new HashMap<>();
        private final Set<ExposedPort> used = new HashSet<>();
        private final Set<ExposedPort> fresh = new LinkedHashSet<>();

        private Change(Gateways.Change front, Access forAll, LimitSettings limitsOfAll) {
            this.limitsOfAll = limitsOfAll;
            this.front = front;
            this.forAll = forAll;
        }

        private void add(RemoteSettings settings) throws ListenException {
            String name = settings.name();
            if (settings.isTemplate()) {
                if (templatesAfter.put(name, settings) != null) {
                    throw new IllegalArgumentException("template " + name + " twice");
                }
                return;
            }
            Remote known = byName.get(name);
            Remote remote = known == null ? newRemote.apply(settings, requests) : known;
            if (remotesAfter.put(name, remote) != null) {
                throw new IllegalArgumentException("remote name " + name + " twice");
            }
            settingsAfter.put(remote, settings);
            List<ExposedPort> exposed = new ArrayList<>();
            Map<SocketAddress, Integer> chosenBySystem = new HashMap<>();
            for (PortSettings port : settings.ports()) {
                PortAddress address = port.address();
                PortKey key = address.isChosenBySystem()
                        ? new PortKey(
                                address.first(),
                                1,
                                port.isUdp(),
                                name,
                                chosenBySystem.merge(address.first(), 1, Integer::sum))
                        : new PortKey(address.first(), address.count(), port.isUdp(), "", 0);
                ExposedPort there = Optional.ofNullable(ports.get(key))
                        .or(() -> listeningAt(port))
                        .orElse(null);
                if (there == null) {
                    there = bind(port, remote);
                    fresh.add(there);
                }
                portsAfter.put(key, there);
                if (!used.add(there)) {
                    throw new IllegalArgumentException("address " + there.bound() + " twice");
                }
                exposed.add(there);
            }
            portsOf.put(remote, exposed);
        }

        private ExposedPort bind(PortSettings port, Remote remote) throws ListenException {
            requireNoOtherRange(port);
            if (port.isUdp()) { // beside what listens there for connections
                return ExposedPort.bindDatagrams(port.address(), remote.loop());
            }
            for (SocketAddress address : port.address().all()) {
                requireNotGranted(address);
                gateways.requireNoneAt(address);
            }
            return ExposedPort.bind(port.address(), remote.loop(), remote.preface());
        }

        /** Those that there are stay, if they have a template still. */
        private void addRemotesOfTemplates() throws ListenException {
            for (Remote remote : byName.values()) {
                if (remote.isOfTemplate() && !remotesAfter.containsKey(remote.name())) {
                    Optional<RemoteSettings> template = templateOf(remote.name(), templatesAfter);
                    if (template.isPresent()) {
                        add(template.get().instance(remote.name()));
                    }
                }
            }
        }

        /**
         * Does it: removed ports are closed, and tunnels of removed and disabled remotes and of revoked tokens dismissed.
         *
         * @param drain how long the streams of ports that are removed or disabled may go on
         */
        void apply(Duration drain) {
            synchronized (Remotes.this) {
                if (stopped) {
                    abandon();
                    return;
                }
                List<Route> ended = new ArrayList<>();
                settingsAfter.forEach((remote, settings) -> change(remote, settings, ended));
                access = forAll;
                settingsAfter.keySet().forEach(remote -> remote.admit(forAll, drain));
                boolean changed = userLimits.change(limitsOfAll);
                settingsAfter.keySet().forEach(remote -> remote.limit(changed));
                fresh.forEach(ExposedPort::start);
                List<Remote> removed = byName.values().stream()
                        .filter(remote -> !settingsAfter.containsKey(remote))
                        .toList();
                ports.values().stream().filter(port -> !used.contains(port)).forEach(port -> {
                    ended.addAll(port.routes());
                    port.close();
                });
                ended.forEach(route -> find(route.remoteName()).ifPresent(remote -> remote.endStreams(route, drain)));
                ports = Map.copyOf(portsAfter);
                byName = new LinkedHashMap<>(
                        remotesAfter); // last: a remote that finds its name also finds its ports open
                templates = Collections.unmodifiableMap(templatesAfter);
                front.apply();
                grants.check(byName.values(), drain); // what is configured comes before what was asked for
                gateways.admit(forAll);
                gateways.lead(byName.values());
                front.start();
                removed.forEach(Remote::remove);
            }
        }

        /** Most remotes are as they were, and cost nothing. */
        private void change(Remote remote, RemoteSettings settings, List<Route> ended) {
            List<ExposedPort> exposed = portsOf.getOrDefault(remote, List.of());
            boolean same = byName.get(remote.name()) == remote
                    && remote.settings().equals(settings)
                    && remote.configured().equals(exposed);
            if (!same) {
                Access itsOwn = settings.access().orElse(forAll);
                for (int i = 0; i < exposed.size(); i++) {
                    lead(exposed.get(i), remote, settings.ports().get(i), itsOwn, ended);
                }
                List<Hosted> before = remote.hosted();
                remote.change(settings, exposed, forAll);
                before.stream()
                        .flatMap(host -> host.routes().stream())
                        .filter(route -> remote.hosted().stream().noneMatch(now -> now.keeps(route)))
                        .forEach(ended::add);
            }
        }

        /**
         * A port that leads where it did before keeps its route. One that leads elsewhere for the same remote keeps what was counted.
         *
         * @param who may connect, where the port's settings say nothing
         * @param ended gets the route that the port had, if its streams are not to go on
         */
        private void lead(ExposedPort port, Remote remote, PortSettings settings, Access who, List<Route> ended) {
            port.changeMode(settings.address());
            Access access = settings.access().orElse(who);
            Route route = null;
            if (!fresh.contains(port)) {
                Route before = port.route();
                boolean sameRemote = before.remoteName().equals(remote.name());
                if (sameRemote && before.settings().equals(settings.route())) {
                    return;
                }
                if (!sameRemote || !before.settings().streamsMayGoOn(settings.route())) {
                    ended.addAll(port.routes());
                }
                if (sameRemote) {
                    route = before.replacedBy(port.bound(), settings.route(), remote.loop(), access);
                }
            }
            if (route == null) {
                route = new Route(
                        port.bound(), remote.name(), settings.route(), remote.loop(), access, remote.levels());
            }
            port.lead(route, remote.users());
        }

        /** Undoes what was prepared. */
        void abandon() {
            front.abandon();
            fresh.forEach(ExposedPort::close);
        }
    }

    /** A port that a remote has asked for and was given stays its; the system would say only that it is in use. */
    private void requireNotGranted(SocketAddress address) throws ListenException {
        for (Remote remote : all()) {
            if (remote.granted().stream().anyMatch(port -> port.port().overlaps(address))) {
                throw new ListenException(address, new IOException("granted to remote " + remote.name()));
            }
        }
    }

    /** An address is not free before what listens there has gone, which is behind the change. */
    private void requireNotOurs(InetSocketAddress address) throws ListenException {
        requireNotGranted(address);
        for (Remote remote : all()) {
            if (remote.ports().stream().anyMatch(port -> !port.isUdp() && port.overlaps(address))) {
                throw new ListenException(address, new IOException("listened on by a port of remote " + remote.name()));
            }
        }
    }

    /** A range that becomes longer or shorter is another one: its ports are not free before the old one has gone. */
    private void requireNoOtherRange(PortSettings fresh) throws ListenException {
        for (ExposedPort port : ports.values()) {
            if (port.isUdp() == fresh.isUdp()
                    && (port.address().count() > 1 || fresh.address().count() > 1)) {
                Optional<? extends SocketAddress> shared =
                        fresh.address().all().stream().filter(port::overlaps).findFirst();
                if (shared.isPresent()) {
                    String remote = port.route().remoteName();
                    throw new ListenException(
                            shared.get(), new IOException("listened on by " + port.bound() + " of remote " + remote));
                }
            }
        }
    }

    /** One whose number the system chose, and which is wanted by that number now. */
    private Optional<ExposedPort> listeningAt(PortSettings wanted) {
        return ports.values().stream()
                .filter(port -> port.isUdp() == wanted.isUdp() && port.address().equals(wanted.address()))
                .findFirst();
    }

    /** The one with that name. */
    Optional<Remote> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * What there is for a name.
     *
     * @param remote the remote
     * @param refusal why there is none
     */
    record Found(Optional<Remote> remote, Reject refusal) {}

    /**
     * Finds the remote with that name, made of a template if there is none yet.
     *
     * @param outcome gets it, or why there is none, at the desk
     * @return whether that will be told; otherwise too many wait already
     */
    boolean findOrMake(String name, Consumer<Found> outcome) {
        return desk.ask(() -> outcome.accept(findOrMake(name)));
    }

    private synchronized Found findOrMake(String name) {
        Reject gone = new Reject(Reason.DENIED, false, "the remote name is not configured any more");
        Optional<Remote> known = find(name);
        Optional<RemoteSettings> template = template(name);
        if (known.isPresent() || stopped || template.isEmpty()) {
            return new Found(known.filter(there -> !stopped), gone);
        }
        int most = template.get().grant().map(Grant::maxRemotes).orElse(0);
        if (remotesOf(template.get()) >= most) {
            refused.increment();
            return new Found(
                    Optional.empty(),
                    new Reject(
                            Reason.LIMIT,
                            true,
                            "there are " + most + " remotes of "
                                    + template.get().name() + " already (max-remotes)"));
        }
        if (byName.size() + templates.size() >= limits.remotes()) {
            refused.increment();
            return new Found(
                    Optional.empty(),
                    new Reject(
                            Reason.LIMIT,
                            true,
                            "there are " + limits.remotes() + " remotes already (portproxy.server.max-remotes)"));
        }
        Remote fresh = newRemote.apply(template.get().instance(name), requests);
        fresh.admit(access, Duration.ZERO);
        fresh.limit(false);
        Map<String, Remote> more = new LinkedHashMap<>(byName);
        more.put(name, fresh);
        byName = more;
        return new Found(Optional.of(fresh), gone);
    }

    private long remotesOf(RemoteSettings template) {
        return all().stream()
                .filter(remote -> remote.settings().template().equals(Optional.of(template.name())))
                .count();
    }

    /** Removes one that is of a template, if it has neither tunnels nor ports. At the desk. */
    private synchronized void forgetIfIdle(Remote remote) {
        if (!stopped && byName.get(remote.name()) == remote && remote.isOfTemplate() && remote.isIdle()) {
            Map<String, Remote> fewer = new LinkedHashMap<>(byName);
            fewer.remove(remote.name());
            byName = fewer;
            remote.remove();
        }
    }

    /** The template for a name that has no entry of its own: that which says most of it. */
    Optional<RemoteSettings> template(String name) {
        return templateOf(name, templates);
    }

    private static Optional<RemoteSettings> templateOf(String name, Map<String, RemoteSettings> templates) {
        return templates.values().stream()
                .filter(template -> template.fits(name))
                .max(Comparator.comparingInt(template -> template.name().length()));
    }

    /** What all ports and hosts have come to. */
    Tallies tallies() {
        return tallies;
    }

    /** What remotes have asked for. */
    GrantCounts grantCounts() {
        return grants.counts(refused.sum());
    }

    /** Does something unless the server has stopped; {@code false}: it has. */
    private synchronized boolean unlessStopped(Runnable task) {
        if (!stopped) {
            task.run();
        }
        return !stopped;
    }

    /** All, in the order of the settings; those of templates behind them. */
    Collection<Remote> all() {
        return byName.values();
    }

    /** All ports, in the order of the settings. */
    List<ExposedPort> ports() {
        return all().stream().flatMap(remote -> remote.ports().stream()).toList();
    }

    /**
     * Stops listening, then lets the streams end. Nothing changes from now on.
     *
     * @return done when no tunnel is left
     */
    synchronized CompletableFuture<Void> stop(Duration grace) {
        stopped = true;
        gateways.close();
        desk.close();
        return CompletableFuture.allOf(
                all().stream().map(remote -> remote.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    /** What grants see of it. */
    private final class ForGrants implements Grants.Owner {
        @Override
        public Collection<Remote> all() {
            return Remotes.this.all();
        }

        @Override
        public Collection<RemoteSettings> templates() {
            return templates.values();
        }

        @Override
        public Optional<Remote> find(String name) {
            return Remotes.this.find(name);
        }

        @Override
        public boolean unlessStopped(Runnable task) {
            return Remotes.this.unlessStopped(task);
        }

        @Override
        public boolean hasRoom() {
            return all().stream()
                            .mapToInt(remote -> remote.ports().stream()
                                            .mapToInt(port -> port.address().count())
                                            .sum()
                                    + remote.hosted().size()
                                    + remote.grantedHosts().size())
                            .sum()
                    < limits.ports();
        }

        @Override
        public void forgetIfIdle(Remote remote) {
            Remotes.this.forgetIfIdle(remote);
        }
    }
}
