package io.portproxy.server;

import io.portproxy.net.ListenException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.GatewaySettings;
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
 * The remotes that a proxy server knows, and the ports that it exposes for them. A change replaces the whole set. What
 * is the same before and after is not affected. The first change starts from an empty set. Any thread.
 */
final class Remotes {
    private final BiFunction<RemoteSettings, Remote.Requests, Remote> newRemote;
    private final GrantThread grantThread;
    private final Gateways gateways;
    private final Grants grants;
    private final Limits limits;
    private final Tallies tallies = new Tallies(this::all);
    private final LimitLevel userLimits;
    private final LongAdder refused = new LongAdder(); // remotes of templates
    private volatile Map<String, RemoteSettings> templates = Map.of();
    private volatile Map<String, Remote> byName = Map.of(); // in the order of the settings
    private Map<PortKey, ExposedPort> ports = Map.of();
    private Access access = Access.ALL;
    private boolean stopped;

    /**
     * @param newRemote creates a remote that has no ports yet
     * @param gateways the gateways that lead to the hosts of the remotes
     * @param grantThread runs the requests of remotes; closed with this
     * @param limits the most remotes and ports; remotes get what the settings leave free
     * @param userLimits the limits for all users together
     */
    Remotes(
            BiFunction<RemoteSettings, Remote.Requests, Remote> newRemote,
            Gateways gateways,
            GrantThread grantThread,
            Limits limits,
            LimitLevel userLimits) {
        this.userLimits = userLimits;
        this.limits = limits;
        this.newRemote = newRemote;
        this.gateways = gateways;
        this.grantThread = grantThread;
        this.grants = new Grants(new ForGrants(), gateways, grantThread);
    }

    /**
     * The identity of a port before and after a change: its address, or, if the system chooses the port, its position
     * among the ports of its remote that have the same address.
     */
    private record PortKey(SocketAddress address, int count, boolean udp, String remote, int index) {}

    /**
     * Prepares a change: binds the new ports and gateways, and touches nothing else. The caller calls
     * {@link Change#apply} or {@link Change#abandon} before it prepares another change.
     *
     * @param plan everything that the server exposes after the change; no name and no address twice
     * @throws ListenException an address could not be bound; nothing has changed
     * @throws IllegalArgumentException the plan has a name, an address, or a host at a gateway twice
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

    /** A change from the current remotes and ports to those of a plan. */
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
            Remote remote = known == null ? newRemote.apply(settings, grants) : known;
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
            if (port.isUdp()) { // a UDP port may have the same number as a TCP port
                return ExposedPort.bindDatagrams(port.address(), remote.loop());
            }
            for (SocketAddress address : port.address().all()) {
                requireNotGranted(address);
                gateways.requireNoneAt(address);
            }
            return ExposedPort.bind(port.address(), remote.loop(), remote.preface());
        }

        /** Remotes of templates stay if a template still fits their names. */
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
         * Applies the change: closes removed ports, and dismisses tunnels of removed and disabled remotes and of
         * revoked tokens.
         *
         * @param drain how long the streams of ports that are removed or disabled may continue
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
                // last: whoever finds a remote by its name also finds its ports open
                byName = new LinkedHashMap<>(remotesAfter);
                templates = Collections.unmodifiableMap(templatesAfter);
                front.apply();
                grants.check(byName.values(), drain); // first: configured hosts have precedence over granted ones
                gateways.admit(forAll);
                gateways.lead(byName.values());
                front.start();
                removed.forEach(Remote::remove);
            }
        }

        /** Changes one remote. A remote that is the same as before costs nothing, and most are. */
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
         * Sets the route of a port. A port that leads to the same target as before keeps its route. A port that gets
         * another target of the same remote keeps its counts.
         *
         * @param who may connect, if the port's settings have no access list
         * @param ended gets the former routes of the port, if their streams may not continue
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

        /** Undoes the preparation: closes the ports and gateways that it has bound. */
        void abandon() {
            front.abandon();
            fresh.forEach(ExposedPort::close);
        }
    }

    /**
     * Checks that no granted port has the address. A port that a remote asked for and got stays its own. Without this
     * check, the system would only say that the address is in use.
     */
    private void requireNotGranted(SocketAddress address) throws ListenException {
        for (Remote remote : all()) {
            if (remote.granted().stream().anyMatch(port -> port.port().overlaps(address))) {
                throw new ListenException(address, new IOException("granted to remote " + remote.name()));
            }
        }
    }

    /**
     * Checks that no port of the server has the address. A port that is to be removed still has its address at this
     * time.
     */
    private void requireNotOurs(InetSocketAddress address) throws ListenException {
        requireNotGranted(address);
        for (Remote remote : all()) {
            if (remote.ports().stream().anyMatch(port -> !port.isUdp() && port.overlaps(address))) {
                throw new ListenException(address, new IOException("listened on by a port of remote " + remote.name()));
            }
        }
    }

    /**
     * Checks that no other range shares a port. A range with another length is a new range, and its ports are not free
     * before the old range is closed.
     */
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

    /** Returns a port whose number the system chose, and that the settings now ask for by this number. */
    private Optional<ExposedPort> listeningAt(PortSettings wanted) {
        return ports.values().stream()
                .filter(port -> port.isUdp() == wanted.isUdp() && port.address().equals(wanted.address()))
                .findFirst();
    }

    /** Returns the remote with that name. */
    Optional<Remote> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The result of {@link Remotes#findOrMake}.
     *
     * @param remote the remote, if there is one
     * @param refusal the answer if there is none
     */
    record Found(Optional<Remote> remote, Reject refusal) {}

    /**
     * Finds the remote with that name. If there is none, creates it from a template.
     *
     * @param outcome gets the result, on the thread of {@link GrantThread}
     * @return whether the outcome will be called; false if too many requests wait, or if the server has stopped
     */
    boolean findOrMake(String name, Consumer<Found> outcome) {
        return grantThread.ask(() -> outcome.accept(findOrMake(name)));
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
        Remote fresh = newRemote.apply(template.get().instance(name), grants);
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

    /** Removes a remote of a template if it has no tunnel, port or host. On the thread of {@link GrantThread}. */
    private synchronized void forgetIfIdle(Remote remote) {
        if (!stopped && byName.get(remote.name()) == remote && remote.isOfTemplate() && remote.isIdle()) {
            Map<String, Remote> fewer = new LinkedHashMap<>(byName);
            fewer.remove(remote.name());
            byName = fewer;
            remote.remove();
        }
    }

    /** Returns the template for a name without an entry of its own: the one with the longest prefix that fits. */
    Optional<RemoteSettings> template(String name) {
        return templateOf(name, templates);
    }

    private static Optional<RemoteSettings> templateOf(String name, Map<String, RemoteSettings> templates) {
        return templates.values().stream()
                .filter(template -> template.fits(name))
                .max(Comparator.comparingInt(template -> template.name().length()));
    }

    /** The counters of all ports and hosts. */
    Tallies tallies() {
        return tallies;
    }

    /** Counts of the ports and hosts that remotes ask for. */
    GrantCounts grantCounts() {
        return grants.counts(refused.sum());
    }

    /** Runs a task unless the server has stopped. Returns whether it ran. */
    private synchronized boolean unlessStopped(Runnable task) {
        if (!stopped) {
            task.run();
        }
        return !stopped;
    }

    /** All remotes: first those with an entry of their own, in the order of the settings, then those of templates. */
    Collection<Remote> all() {
        return byName.values();
    }

    /** All ports, in the order of their remotes. */
    List<ExposedPort> ports() {
        return all().stream().flatMap(remote -> remote.ports().stream()).toList();
    }

    /**
     * Stops listening, then lets the streams end. Later changes have no effect.
     *
     * @return completes when no tunnel is left, or soon after the grace time
     */
    synchronized CompletableFuture<Void> stop(Duration grace) {
        stopped = true;
        gateways.close();
        grantThread.close();
        return CompletableFuture.allOf(
                all().stream().map(remote -> remote.stop(grace)).toArray(CompletableFuture<?>[]::new));
    }

    /** The view that {@link Grants} has of the remotes. */
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

        @Override
        public void left(Route route) {
            tallies.left(route);
        }
    }
}
