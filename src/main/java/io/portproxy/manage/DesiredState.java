package io.portproxy.manage;

import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.GrantCounts;
import io.portproxy.server.Limits;
import io.portproxy.server.ProxyServer;
import io.portproxy.tunnel.telemetry.EventSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the proxy server expose the desired state: what files declare and what the store keeps. Makes one change at a time, in four steps:
 * it checks the change, binds new ports, stores the change, and applies it. If a step fails, nothing has changed. Any thread; blocks.
 */
public final class DesiredState {
    private static final Logger log = LoggerFactory.getLogger(DesiredState.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ProxyServer server;
    private final RemoteStore store;
    private final DefinitionCheck check;
    private final Planner planner;
    private final Exposer exposer;
    private final ChangeNews news;
    private final TokenUse tokenUse;
    private final RetryPause retries;
    private final Duration drain;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<ChangeResult>> keptLate = new CopyOnWriteArrayList<>();
    private volatile Plan plan = Plan.EMPTY;
    private volatile Instant nextExpiry = Instant.MAX;

    /**
     * @param server the server that exposes the remotes
     * @param store keeps the remotes that no file declares
     * @param check the rules for definitions
     * @param events receives the events of changes
     * @param drain how long the streams of removed ports may continue, unless the change has its own value
     * @param clock used to find out which tokens have expired
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
        this.news = new ChangeNews(events);
        this.exposer = new Exposer(check, news);
        this.tokenUse = new TokenUse(server, store, this::plan);
        this.retries = new RetryPause(clock);
        this.drain = drain;
        this.clock = clock;
    }

    /** Returns the current plan. */
    Plan plan() {
        return plan;
    }

    /** Returns the gateways that are open. Any thread. */
    public List<GatewayDefinition> gateways() {
        return plan.gateways().stream()
                .filter(PlannedGateway::isOpen)
                .map(PlannedGateway::definition)
                .toList();
    }

    /**
     * Returns how many remotes, and how many ports and hosts together, exist now, to compare with {@link ProxyServer#limits}. The ports and
     * hosts that remotes have asked for are included.
     */
    public Limits used() {
        Plan now = plan;
        GrantCounts granted = server.grants();
        return new Limits(now.remotes() + granted.remotes(), now.ports() + granted.ports() + granted.hosts());
    }

    /** Returns the record of when tokens were used. */
    TokenUse tokenUse() {
        return tokenUse;
    }

    /**
     * Starts the server with what files declare and what the store keeps. A remote of the store that conflicts with the files is kept back
     * and reported.
     *
     * @param files what files declare; it has been checked
     * @throws ListenException an address cannot be listened on
     * @throws StoreException the store cannot be read
     */
    public void start(Declared files) throws ListenException {
        lock.lock();
        try {
            adopt(exposer.expose(planner.beside(plan, files, kept(store.load())), server::start));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the gateways and remotes of files. A remote of the store that conflicts with the new ones is kept back and reported. A
     * remote that no longer conflicts is exposed again.
     *
     * @param files what files declare now; it has been checked
     * @throws ListenException an address cannot be listened on; nothing has changed
     */
    public ChangeResult replaceFiles(Declared files) throws ListenException {
        return planAgain(before -> files, Plan::kept);
    }

    /** Combines the gateways of the store with remotes that were just loaded. */
    private Kept kept(List<StoredRemote> remotes) {
        return new Kept(store.loadGateways(), remotes);
    }

    private ChangeResult planAgain(Function<Plan, Declared> files, Function<Plan, Kept> kept) throws ListenException {
        lock.lock();
        try {
            Plan before = plan;
            Plan next = exposer.expose(
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
            news.changed(result);
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Exposes a change that the store kept although its caller was told that it failed. Must be called regularly. */
    void catchUp() {
        try {
            store.catchUp(this::take); // until it returns, the store keeps no other change
        } catch (StoreException e) {
            log.debug("a change that the store answered too late cannot be read yet", e);
        }
    }

    /** Adds a listener for changes that the store kept although their callers were told that they failed. */
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

    /**
     * Exposes gateways and remotes of the store that were kept back, if they no longer conflict: for example, a name can be resolved again,
     * or another program has released an address. Must be called regularly. The pause between two tries grows with each try.
     */
    void retryKeptBack() {
        Plan now = plan;
        if (!now.keepsBack()) {
            retries.reset();
            return;
        } else if (!retries.tryBegin()) {
            return;
        }
        // Runs without the lock, because resolving a name may take long.
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

    private void adopt(Plan next) {
        news.keptBack(plan, next);
        plan = next;
        nextExpiry = next.nextExpiry(clock.instant());
    }

    /** Disconnects remotes whose token has expired. Must be called regularly. It only compares two times until a token expires. */
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
     * Changes what the store keeps.
     *
     * @param edit writes the change into the draft; if it throws, the caller gets the exception, and nothing has changed
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
                news.bindRefused(Sockets.text(e.address()), String.valueOf(e.getMessage()));
            }
            throw new ConflictException(check.problem(e, pointer(e, next, draft)));
        } catch (DryRunException e) {
            return; // the change would have succeeded
        }
        adopt(next);
        news.changed(change);
        if (!change.gateways().isEmpty()) {
            retries.endNow(); // entries that were kept back may fit now
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

    /** Returns where in the document the gateway or port is whose address cannot be listened on. */
    private static String pointer(ListenException failure, Plan next, Draft draft) {
        Optional<String> gateway = next.storedGateways().values().stream()
                .filter(each -> each.isAt(failure.address()))
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

    /** Ends a dry run before anything changes. */
    private static final class DryRunException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DryRunException() {
            super("a dry run", null, false, false);
        }
    }
}
