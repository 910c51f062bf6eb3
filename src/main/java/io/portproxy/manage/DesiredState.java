package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.Exposure;
import io.portproxy.server.GrantCounts;
import io.portproxy.server.Limits;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the proxy server from what it exposes to what it should: what files declare and what the store has. One change at a time:
 * it is checked, its new ports are bound, it is stored, and then it is applied; if one of these fails, nothing has changed. Any
 * thread; blocks.
 */
public final class DesiredState {
    private static final Logger log = LoggerFactory.getLogger(DesiredState.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final ProxyServer server;
    private final RemoteStore store;
    private final DefinitionCheck check;
    private final Planner planner;
    private final EventSink events;
    private final Duration drain;
    private Map<String, String> refusedBefore = Map.of(); // by address, under the lock
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> kept = new HashMap<>(); // by the thread that keeps them
    private final List<Consumer<ChangeResult>> keptLate = new CopyOnWriteArrayList<>();
    private volatile Plan plan = Plan.EMPTY;
    private volatile Instant nextExpiry = Instant.MAX;
    private volatile boolean retryAtOnce;
    private Instant nextTry = Instant.MIN; // this and the next by the thread that retries
    private Duration pause = FIRST_PAUSE;

    /**
     * @param server whose remotes these are
     * @param store what keeps those that no file declares
     * @param check the rules
     * @param events who is told of changes
     * @param drain how long the streams of ports that are removed may go on, where nothing else is said
     * @param clock says which tokens have expired
     */
    public DesiredState(
            ProxyServer server,
            RemoteStore store,
            DefinitionCheck check,
            EventSink events,
            Duration drain,
            Clock clock) {
        this.server = server;
        this.store = store;
        this.check = check;
        this.planner = new Planner(check, server.limits(), clock);
        this.events = events;
        this.drain = drain;
        this.clock = clock;
    }

    /** What is to be. */
    Plan plan() {
        return plan;
    }

    /** The gateways that are open. Any thread. */
    public List<GatewayDefinition> gateways() {
        return plan.gateways().stream()
                .filter(PlannedGateway::isOpen)
                .map(PlannedGateway::definition)
                .toList();
    }

    /** How many remotes, and ports and hosts, there are, of what {@link ProxyServer#limits} allows; those that remotes have asked for too. */
    public Limits used() {
        Plan now = plan;
        GrantCounts granted = server.grants();
        return new Limits(now.remotes() + granted.remotes(), now.ports() + granted.ports() + granted.hosts());
    }

    /** When a remote last proved a token; empty if none has, or if it is not known. */
    Optional<Instant> lastUsed(String remote, RemoteToken token) {
        return server.lastProved(remote, token.verifier())
                .or(() -> Optional.ofNullable(store.lastUsed().get(token.id())));
    }

    /** Has the store keep when tokens were used, as far as it does not know yet. To be called now and then. */
    void keepLastUsed() {
        Map<String, Instant> fresh = new HashMap<>();
        kept.keySet().retainAll(plan.tokenIds());
        plan.stored()
                .forEach((name, remote) -> remote.tokens()
                        .forEach(token -> server.lastProved(name, token.verifier())
                                .map(time -> time.truncatedTo(ChronoUnit.SECONDS))
                                .filter(time -> !time.equals(kept.put(token.id(), time)))
                                .ifPresent(time -> fresh.put(token.id(), time))));
        if (!fresh.isEmpty()) {
            try {
                store.saveLastUsed(fresh);
            } catch (StoreException e) {
                kept.keySet().removeAll(fresh.keySet()); // the next time
                log.debug("when tokens were used could not be kept", e);
            }
        }
    }

    /**
     * Starts the server with what files declare and the store has. A remote of the store that does not fit beside the files is
     * kept back, and told.
     *
     * @param files what files declare, right already
     * @throws ListenException an address cannot be listened on
     * @throws StoreException the store cannot be read
     */
    public void start(Declared files) throws ListenException {
        lock.lock();
        try {
            adopt(exposed(planner.beside(plan, files, kept(store.load())), server::start));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts other gateways and remotes in the place of those that files have declared. A remote of the store that does not fit beside them is kept
     * back, and told; one that fits again is exposed.
     *
     * @param files what files declare now, right already
     * @throws ListenException an address cannot be listened on; nothing has changed
     */
    public ChangeResult replaceFiles(Declared files) throws ListenException {
        return planAgain(before -> files, Plan::kept);
    }

    /** With remotes that were loaded just before. */
    private Kept kept(List<StoredRemote> remotes) {
        return new Kept(store.loadGateways(), remotes);
    }

    private ChangeResult planAgain(Function<Plan, Declared> files, Function<Plan, Kept> kept) throws ListenException {
        lock.lock();
        try {
            Plan before = plan;
            Plan next = exposed(
                    planner.beside(before, files.apply(before), kept.apply(before)),
                    exposure -> server.change(exposure, drain, () -> {}));
            ChangeResult result = next.since(before);
            adopt(next);
            if (!before.files().access().equals(next.files().access())) {
                log.info("the server's access list has changed; it applies where a remote, port or host has none");
            }
            if (!before.files().limits().equals(next.files().limits())) {
                log.info("the server's limits for all users together have changed");
            }
            tell(result);
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Exposes what the store has kept late. To be called now and then. */
    void catchUp() {
        try {
            store.catchUp(this::take); // which keeps no change meanwhile
        } catch (StoreException e) {
            log.debug("a change that the store answered too late cannot be read yet", e);
        }
    }

    /** Has something done with what the store has kept after whoever asked for it was told that it had not. */
    public void whenKeptLate(Consumer<ChangeResult> listener) {
        keptLate.add(listener);
    }

    private void take(List<StoredRemote> remotes) {
        try {
            Kept kept = kept(remotes);
            Plan before = plan;
            ChangeResult result = planAgain(Plan::files, any -> kept);
            log.info("a change that the store answered too late has taken effect: {}", result.summary());
            ChangeResult late = plan.keptSince(before);
            keptLate.forEach(listener -> listener.accept(late));
        } catch (ListenException e) {
            throw new StoreException("what files declare is listened on already: " + e.getMessage());
        }
    }

    /** Takes the server to what is to be. */
    @FunctionalInterface
    private interface Act {
        void on(Exposure exposure) throws ListenException;
    }

    /**
     * Does it. A gateway or remote of the store with an address that cannot be listened on is kept back, and told: it must not be in the
     * way of all others.
     *
     * @throws ListenException a file's address cannot be listened on, or the server's own
     */
    private Plan exposed(Plan wanted, Act act) throws ListenException {
        Plan next = wanted;
        Map<String, String> refused = new LinkedHashMap<>();
        try {
            while (true) { // each time with one of them less
                try {
                    act.on(next.exposure());
                    return next;
                } catch (ListenException e) {
                    refused.put(Sockets.text(e.address()), String.valueOf(e.getMessage()));
                    next = keptBack(next, e);
                }
            }
        } finally {
            tellRefused(refused);
        }
    }

    /** Tells of addresses that cannot be listened on, and were not told of the last time. */
    private void tellRefused(Map<String, String> refused) {
        refused.forEach((address, why) -> {
            if (!why.equals(refusedBefore.get(address))) {
                new RemoteEvents(events, true, "").bindRefused(address, why);
            }
        });
        refusedBefore = Map.copyOf(refused);
    }

    private Plan keptBack(Plan wanted, ListenException failure) throws ListenException {
        for (PlannedGateway gateway : wanted.storedGateways().values()) {
            if (isAt(gateway, failure)) {
                SortedMap<String, PlannedGateway> gateways = new TreeMap<>(wanted.storedGateways());
                gateways.put(
                        gateway.name(),
                        gateway.keptBack(List.of(check.problem(failure, Pointers.ofName(gateway.name()) + "/bind"))));
                return wanted.withGateways(gateways);
            }
        }
        for (PlannedRemote remote : wanted.stored().values()) {
            List<PortSettings> ports =
                    remote.settings().map(RemoteSettings::ports).orElse(List.of());
            for (int i = 0; i < ports.size(); i++) {
                if (ports.get(i).address().contains(failure.address())) {
                    ChangeProblem problem = check.problem(
                            failure, Pointers.ofRemote(remote.name()).bind(i));
                    PlannedRemote kept = remote.keptBack(problem);
                    SortedMap<String, PlannedRemote> stored = new TreeMap<>(wanted.stored());
                    stored.put(remote.name(), kept);
                    return wanted.withStored(stored);
                }
            }
        }
        throw failure;
    }

    private static boolean isAt(PlannedGateway gateway, ListenException failure) {
        return gateway.opened()
                .filter(settings -> settings.bind().equals(failure.address()))
                .isPresent();
    }

    /**
     * Exposes gateways and remotes of the store that were kept back, if they fit now: a name can be resolved again, or another program has given an address
     * back. To be called now and then; after each try the pause to the next one is longer.
     */
    void retryKeptBack() {
        Plan now = plan;
        if (!now.keepsBack()) {
            pause = FIRST_PAUSE;
            return;
        } else if (!retryAtOnce && clock.instant().isBefore(nextTry)) {
            return;
        }
        retryAtOnce = false;
        nextTry = clock.instant().plus(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        // Without the lock: a name may take long to be resolved.
        if (planner.fitsMore(now)) {
            try {
                ChangeResult result = planAgain(Plan::files, Plan::kept);
                if (!result.isNothing()) {
                    log.info(
                            "entries of the store that could not be exposed before are exposed now: {}",
                            result.summary());
                }
            } catch (ListenException e) {
                log.debug("what files declare is listened on already", e);
            }
        }
    }

    private void warnOfKeptBack(Plan next) {
        next.storedGateways().forEach((name, gateway) -> {
            PlannedGateway before = plan.storedGateways().get(name);
            if (before == null || !before.problems().equals(gateway.problems())) {
                warnOf("a gateway of the store is not open", gateway.problems());
            }
        });
        next.stored().values().forEach(remote -> {
            PlannedRemote before = plan.stored().get(remote.name());
            if (before == null || !before.problems().equals(remote.problems())) {
                warnOf("a remote of the store is not exposed", remote.problems());
            }
        });
    }

    private static void warnOf(String what, List<ChangeProblem> problems) {
        problems.forEach(problem -> log.warn(
                "{}: {} {} {}; {}",
                what,
                problem.pointer(),
                problem.value().orElse(""),
                problem.reason(),
                problem.fix()));
    }

    private void adopt(Plan next) {
        warnOfKeptBack(next);
        plan = next;
        nextExpiry = next.nextExpiry(clock.instant());
    }

    /** Dismisses remotes whose token has expired. To be called now and then; costs nothing before one has. */
    void expireTokens() {
        if (clock.instant().isBefore(nextExpiry)) {
            return;
        }
        lock.lock();
        try {
            Plan next = planner.withValidTokens(plan);
            server.change(next.exposure(), drain, () -> {});
            adopt(next);
        } catch (ListenException e) {
            throw new IllegalStateException("no port is new", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes what the store has.
     *
     * @param edit writes what is to be; what it throws goes to the caller, and nothing has changed
     */
    ChangeResult change(ChangeOptions options, Consumer<Draft> edit) {
        acquire();
        try {
            Draft draft = new Draft(plan);
            edit.accept(draft);
            ChangeResult result = draft.result();
            if (!result.isNothing()) {
                apply(result, draft, options);
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    private void acquire() {
        try {
            if (!lock.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new StoreException("another change takes longer than " + PATIENCE.toSeconds() + " s; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("the process stops");
        }
    }

    private void apply(ChangeResult change, Draft draft, ChangeOptions options) {
        Plan next = planner.changed(plan, change, draft);
        try {
            server.change(next.exposure(), options.drain().orElse(drain), () -> {
                if (options.dryRun()) {
                    store.checkKeeps();
                    throw new DryRunException();
                }
                store.save(toKeep(change));
            });
        } catch (ListenException e) {
            if (!options.dryRun()) {
                new RemoteEvents(events, true, "")
                        .bindRefused(Sockets.text(e.address()), String.valueOf(e.getMessage()));
            }
            throw new ConflictException(check.problem(e, pointer(e, next, draft)));
        } catch (DryRunException e) {
            return; // it would have been done
        }
        adopt(next);
        tell(change);
        if (!change.gateways().isEmpty()) {
            retryAtOnce = true; // what was kept back may fit now
        }
    }

    private static StoreChange toKeep(ChangeResult change) {
        return new StoreChange(
                change.gateways().stream()
                        .flatMap(step -> step.after().stream())
                        .toList(),
                change.gateways().stream()
                        .filter(step -> step.after().isEmpty())
                        .map(ChangeResult.GatewayStep::gateway)
                        .toList(),
                change.steps().stream().flatMap(step -> step.after().stream()).toList(),
                change.steps().stream()
                        .filter(step -> step.after().isEmpty())
                        .map(ChangeResult.Step::remote)
                        .toList());
    }

    private void tell(ChangeResult change) {
        change.gateways().forEach(this::tell);
        change.steps().forEach(this::tell);
    }

    private void tell(ChangeResult.GatewayStep step) {
        Event.Type type = step.before().isEmpty()
                ? Event.Type.GATEWAY_ADDED
                : step.after().isEmpty() ? Event.Type.GATEWAY_REMOVED : Event.Type.GATEWAY_CHANGED;
        new RemoteEvents(events, true, "").gateway(type, step.gateway());
    }

    private void tell(ChangeResult.Step step) {
        RemoteEvents remote = new RemoteEvents(events, true, step.remote());
        if (step.before().isEmpty()) {
            remote.added();
        } else if (step.after().isEmpty()) {
            remote.removed();
        } else {
            remote.changed();
        }
    }

    /** Where in the document the gateway or port is whose address cannot be listened on. */
    private static String pointer(ListenException failure, Plan next, Draft draft) {
        Optional<String> gateway = next.storedGateways().values().stream()
                .filter(each -> isAt(each, failure))
                .flatMap(each -> draft.gatewayPointer(each.name()).stream())
                .findFirst();
        return gateway.map(at -> at + "/bind").orElseGet(() -> portPointer(failure, next, draft));
    }

    private static String portPointer(ListenException failure, Plan next, Draft draft) {
        return next.stored().values().stream()
                .flatMap(remote -> remote.settings().stream())
                .flatMap(settings -> IntStream.range(0, settings.ports().size())
                        .filter(i -> settings.ports().get(i).address().contains(failure.address()))
                        .mapToObj(i -> draft.pointers(settings.name()).bind(i)))
                .findFirst()
                .orElse("");
    }

    /** Ends a change that is only tried. */
    private static final class DryRunException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DryRunException() {
            super("a dry run", null, false, false);
        }
    }
}
