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
 * Takes the proxy server from what it exposes to what it should: what files declare and what the store has. One change at a time:
 * it is checked, its new ports are bound, it is stored, and then it is applied; if one of these fails, nothing has changed. Any
 * thread; blocks.
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
        this.news = new ChangeNews(events);
        this.exposer = new Exposer(check, news);
        this.tokenUse = new TokenUse(server, store, this::plan);
        this.retries = new RetryPause(clock);
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

    /** When tokens were used. */
    TokenUse tokenUse() {
        return tokenUse;
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
            adopt(exposer.expose(planner.beside(plan, files, kept(store.load())), server::start));
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

    /**
     * Exposes gateways and remotes of the store that were kept back, if they fit now: a name can be resolved again, or another program has given an address
     * back. To be called now and then; after each try the pause to the next one is longer.
     */
    void retryKeptBack() {
        Plan now = plan;
        if (!now.keepsBack()) {
            retries.reset();
            return;
        } else if (!retries.tryBegin()) {
            return;
        }
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

    private void adopt(Plan next) {
        news.keptBack(plan, next);
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
                news.bindRefused(Sockets.text(e.address()), String.valueOf(e.getMessage()));
            }
            throw new ConflictException(check.problem(e, pointer(e, next, draft)));
        } catch (DryRunException e) {
            return; // it would have been done
        }
        adopt(next);
        news.changed(change);
        if (!change.gateways().isEmpty()) {
            retries.endNow(); // what was kept back may fit now
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

    /** Where in the document the gateway or port is whose address cannot be listened on. */
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

    /** Ends a change that is only tried. */
    private static final class DryRunException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DryRunException() {
            super("a dry run", null, false, false);
        }
    }
}
