package io.portproxy.server;

import io.portproxy.net.ListenException;
import io.portproxy.server.RemotesState.PortKey;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.limits.LimitLevel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A change of a proxy server from its current state to a plan. It is used in this order: {@link #prepare}, then
 * {@link #apply}, which returns the next state, and {@link #complete} when that state is the current one. Instead of
 * {@code apply}, {@link #abandon} undoes the preparation. No other change is prepared meanwhile.
 */
final class RemotesChange {
    private final RemotesState before;
    private final Exposure plan;
    private final Function<RemoteSettings, Remote> newRemote;
    private final Gateways gateways;
    private final Gateways.Change front;
    private final Map<String, Remote> remotesAfter = new LinkedHashMap<>();
    private final Map<String, RemoteSettings> templatesAfter = new LinkedHashMap<>();
    private final Map<PortKey, ExposedPort> portsAfter = new HashMap<>();
    private final Map<Remote, RemoteSettings> settingsAfter = new LinkedHashMap<>();
    private final Map<Remote, List<ExposedPort>> portsOf = new HashMap<>();
    private final Set<ExposedPort> used = new HashSet<>();
    private final Set<ExposedPort> fresh = new LinkedHashSet<>();

    private RemotesChange(
            RemotesState before, Exposure plan, Function<RemoteSettings, Remote> newRemote, Gateways gateways)
            throws ListenException {
        this.before = before;
        this.plan = plan;
        this.newRemote = newRemote;
        this.gateways = gateways;
        this.front = gateways.prepare(plan.gateways());
    }

    /**
     * Binds the new ports and gateways, and touches nothing else.
     *
     * @param before the current state
     * @param plan everything that the server exposes after the change
     * @param newRemote creates a remote that has no ports yet
     * @throws ListenException an address could not be bound; nothing has changed
     * @throws IllegalArgumentException the plan has a name, an address, or a host at a gateway twice
     */
    static RemotesChange prepare(
            RemotesState before, Exposure plan, Function<RemoteSettings, Remote> newRemote, Gateways gateways)
            throws ListenException {
        Gateways.check(plan);
        for (GatewaySettings gateway : gateways.missing(plan.gateways())) {
            before.requireNotOurs(gateway.bind());
            gateways.requireNoneAt(gateway.bind());
        }
        RemotesChange change = new RemotesChange(before, plan, newRemote, gateways);
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

    private void add(RemoteSettings settings) throws ListenException {
        String name = settings.name();
        if (settings.isTemplate()) {
            if (templatesAfter.put(name, settings) != null) {
                throw new IllegalArgumentException("template " + name + " twice");
            }
            return;
        }
        Remote remote = before.find(name).orElseGet(() -> newRemote.apply(settings));
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
            ExposedPort there = before.port(key, port).orElse(null);
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
        before.requireNoOtherRange(port);
        if (port.isUdp()) { // a UDP port may have the same number as a TCP port
            return ExposedPort.bindDatagrams(port.address(), remote.loop());
        }
        for (SocketAddress address : port.address().all()) {
            before.requireNotGranted(address);
            gateways.requireNoneAt(address);
        }
        return ExposedPort.bind(port.address(), remote.loop(), remote.preface());
    }

    /** Remotes of templates stay if a template still fits their names. */
    private void addRemotesOfTemplates() throws ListenException {
        for (Remote remote : before.all()) {
            if (remote.isOfTemplate() && !remotesAfter.containsKey(remote.name())) {
                Optional<RemoteSettings> template = RemotesState.template(remote.name(), templatesAfter.values());
                if (template.isPresent()) {
                    add(template.get().instance(remote.name()));
                }
            }
        }
    }

    /** Undoes the preparation: closes the ports and gateways that it has bound. */
    void abandon() {
        front.abandon();
        fresh.forEach(ExposedPort::close);
    }

    /**
     * Changes the remotes and their ports: closes removed ports, and dismisses tunnels of disabled remotes and of
     * revoked tokens.
     *
     * @param userLimits the limits for all users together
     * @param drain how long the streams of ports that are removed or disabled may continue
     * @return the next state, whose ports are open
     */
    RemotesState apply(LimitLevel userLimits, Duration drain) {
        List<Route> ended = new ArrayList<>();
        settingsAfter.forEach((remote, settings) -> change(remote, settings, ended));
        settingsAfter.keySet().forEach(remote -> remote.admit(plan.access(), drain));
        boolean changed = userLimits.change(plan.limits());
        settingsAfter.keySet().forEach(remote -> remote.limit(changed));
        fresh.forEach(ExposedPort::start);
        before.ports().values().stream().filter(port -> !used.contains(port)).forEach(port -> {
            ended.addAll(port.routes());
            port.close();
        });
        ended.forEach(route -> before.find(route.remoteName())
                .ifPresent(remote -> remote.exposed().endStreams(route, drain)));
        return new RemotesState(remotesAfter, templatesAfter, portsAfter, plan.access());
    }

    /** Changes one remote. A remote that is the same as before costs nothing, and most are. */
    private void change(Remote remote, RemoteSettings settings, List<Route> ended) {
        List<ExposedPort> exposed = portsOf.getOrDefault(remote, List.of());
        boolean same = before.remotes().get(remote.name()) == remote
                && remote.settings().equals(settings)
                && remote.exposed().configured().equals(exposed);
        if (!same) {
            Access itsOwn = settings.access().orElse(plan.access());
            for (int i = 0; i < exposed.size(); i++) {
                lead(exposed.get(i), remote, settings.ports().get(i), itsOwn, ended);
            }
            List<Hosted> hostedBefore = remote.exposed().hosted();
            remote.change(settings, exposed, plan.access());
            hostedBefore.stream()
                    .flatMap(host -> host.routes().stream())
                    .filter(route -> remote.exposed().hosted().stream().noneMatch(now -> now.keeps(route)))
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
            Route former = port.route();
            boolean sameRemote = former.remoteName().equals(remote.name());
            if (sameRemote && former.settings().equals(settings.route())) {
                return;
            }
            if (!sameRemote || !former.settings().streamsMayGoOn(settings.route())) {
                ended.addAll(port.routes());
            }
            if (sameRemote) {
                route = former.replacedBy(port.bound(), settings.route(), remote.loop(), access);
            }
        }
        if (route == null) {
            route = new Route(
                    port.bound(),
                    remote.name(),
                    settings.route(),
                    remote.loop(),
                    access,
                    remote.exposed().levels());
        }
        port.lead(route, remote.users());
    }

    /**
     * Completes the change after its state has become the current one: takes back what is no longer granted, makes the
     * gateways lead to the hosts of the new state, and removes the remotes that are not in it.
     *
     * @param grants what remotes have asked for
     * @param drain how long the streams of what is taken back may continue
     */
    void complete(Grants grants, Duration drain) {
        front.apply();
        grants.check(remotesAfter.values(), drain); // first: configured hosts have precedence over granted ones
        gateways.admit(plan.access());
        gateways.lead(remotesAfter.values());
        front.start();
        before.all().stream()
                .filter(remote -> !settingsAfter.containsKey(remote))
                .forEach(Remote::remove);
    }
}
