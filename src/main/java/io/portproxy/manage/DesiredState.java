package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.net.ListenException;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.Exposure;
import io.portproxy.server.GrantCounts;
import io.portproxy.server.Limits;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private final EventSink events;
    private final Duration drain;
    private final Clock clock;
    private final List<TokenVerifier> nobodys = List.of(unknown());
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> kept = new HashMap<>(); // by the thread that keeps them
    private volatile Plan plan = Plan.EMPTY;
    private volatile Instant nextExpiry = Instant.MAX;
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
        this.events = events;
        this.drain = drain;
        this.clock = clock;
    }

    /** That of a token that nobody has. */
    private static TokenVerifier unknown() {
        byte[] secret = new byte[TokenVerifier.KEY_LENGTH];
        new SecureRandom().nextBytes(secret);
        return TokenVerifier.of(Token.of(HexFormat.of().formatHex(secret)));
    }

    /** What is to be. */
    Plan plan() {
        return plan;
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
            adopt(exposed(beside(files, store.load()), server::start));
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
        return planAgain(before -> files, DesiredState::stored);
    }

    private static List<StoredRemote> stored(Plan plan) {
        return plan.stored().values().stream().map(PlannedRemote::stored).toList();
    }

    private ChangeResult planAgain(Function<Plan, Declared> files, Function<Plan, List<StoredRemote>> stored)
            throws ListenException {
        lock.lock();
        try {
            Plan before = plan;
            Plan next = exposed(
                    beside(files.apply(before), stored.apply(before)),
                    exposure -> server.change(exposure, drain, () -> {}));
            ChangeResult result = next.since(before);
            adopt(next);
            if (!before.files().access().equals(next.files().access())) {
                log.info("which users may connect, where a remote, port or host says nothing, has changed");
            }
            result.steps().forEach(this::tell);
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
            log.debug("what the store has kept late cannot be read yet", e);
        }
    }

    private void take(List<StoredRemote> remotes) {
        try {
            ChangeResult result = planAgain(Plan::files, before -> remotes);
            log.info("a change that the store has kept late is exposed now: {}", result.summary());
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
     * Does it. A remote of the store with an address that cannot be listened on is kept back, and told: it must not be in the way of all
     * others.
     *
     * @throws ListenException a file's address cannot be listened on, or the server's own
     */
    private Plan exposed(Plan wanted, Act act) throws ListenException {
        Plan next = wanted;
        while (true) { // each time with one remote less
            try {
                act.on(next.exposure());
                return next;
            } catch (ListenException e) {
                next = keptBack(next, e);
            }
        }
    }

    private Plan keptBack(Plan wanted, ListenException failure) throws ListenException {
        for (PlannedRemote remote : wanted.stored().values()) {
            List<PortSettings> ports =
                    remote.settings().map(RemoteSettings::ports).orElse(List.of());
            for (int i = 0; i < ports.size(); i++) {
                if (ports.get(i).bind().equals(failure.address())) {
                    ChangeProblem problem = check.problem(
                            failure, Pointers.ofRemote(remote.name()).bind(i));
                    PlannedRemote kept = remote.keptBack(problem);
                    PlannedRemote before = plan.stored().get(remote.name());
                    if (before == null || !before.problems().equals(kept.problems())) {
                        warnOf(kept);
                    }
                    SortedMap<String, PlannedRemote> stored = new TreeMap<>(wanted.stored());
                    stored.put(remote.name(), kept);
                    return wanted.withStored(stored);
                }
            }
        }
        throw failure;
    }

    /**
     * Exposes remotes of the store that were kept back, if they fit now: a name can be resolved again, or another program has given an address
     * back. To be called now and then; after each try the pause to the next one is longer.
     */
    void retryKeptBack() {
        Plan now = plan;
        List<PlannedRemote> keptBack = now.stored().values().stream()
                .filter(remote -> remote.settings().isEmpty())
                .toList();
        if (keptBack.isEmpty()) {
            pause = FIRST_PAUSE;
            return;
        } else if (clock.instant().isBefore(nextTry)) {
            return;
        }
        nextTry = clock.instant().plus(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        DefinitionCheck.Session session = check.begin(now.exposure(), List.of());
        // Without the lock: a name may take long to be resolved.
        boolean someFit = keptBack.stream()
                .anyMatch(
                        remote -> session.check(remote.definition(), Pointers.ofRemote(remote.name()), Optional.empty())
                                .settings()
                                .isPresent());
        if (someFit) {
            try {
                ChangeResult result = planAgain(Plan::files, DesiredState::stored);
                if (!result.isNothing()) {
                    log.info("remotes of the store were kept back and are exposed now: {}", result.summary());
                }
            } catch (ListenException e) {
                log.debug("what files declare is listened on already", e);
            }
        }
    }

    private Plan beside(Declared files, List<StoredRemote> stored) {
        Plan declared = new Plan(files, new TreeMap<>());
        DefinitionCheck.Session session = check.begin(declared.exposure(), List.of());
        Room room = new Room(server.limits(), Plan.EMPTY, declared);
        SortedMap<String, PlannedRemote> planned = new TreeMap<>();
        for (StoredRemote remote : stored) {
            PlannedRemote beside = planned(remote, room, session, Pointers.ofRemote(remote.name()));
            PlannedRemote before = plan.stored().get(remote.name());
            if (before == null || !before.problems().equals(beside.problems())) {
                warnOf(beside);
            }
            planned.put(remote.name(), beside);
        }
        return new Plan(files, planned);
    }

    private static void warnOf(PlannedRemote keptBack) {
        keptBack.problems()
                .forEach(problem -> log.warn(
                        "a remote of the store is not exposed: {} {} {}; {}",
                        problem.pointer(),
                        problem.value().orElse(""),
                        problem.reason(),
                        problem.fix()));
    }

    private PlannedRemote planned(StoredRemote remote, Room room, DefinitionCheck.Session session, Pointers pointers) {
        Optional<ChangeProblem> tooMuch = room.take(remote.definition(), pointers);
        DefinitionCheck.Result result = tooMuch.isPresent()
                ? new DefinitionCheck.Result(Optional.empty(), List.of(tooMuch.get()))
                : session.check(remote.definition(), pointers, bound(remote));
        return new PlannedRemote(
                remote.definition(),
                Optional.empty(),
                remote.tokens(),
                result.settings().map(settings -> withTokens(settings, remote)),
                result.problems());
    }

    /** What is exposed of it now, unless it is to be something else. */
    private Optional<RemoteSettings> bound(StoredRemote remote) {
        return Optional.ofNullable(plan.stored().get(remote.name()))
                .filter(now -> now.definition().equals(remote.definition()))
                .flatMap(PlannedRemote::settings);
    }

    /** A remote that has no valid token is nobody's, not anybody's. */
    private RemoteSettings withTokens(RemoteSettings settings, StoredRemote remote) {
        if (remote.definition().anonymous()) {
            return settings.withTokens(List.of());
        }
        Instant now = clock.instant();
        List<TokenVerifier> valid = remote.tokens().stream()
                .filter(token -> token.isValid(now))
                .map(RemoteToken::verifier)
                .toList();
        return settings.withTokens(valid.isEmpty() ? nobodys : valid);
    }

    private void adopt(Plan next) {
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
            Plan next = plan.mapStored(remote ->
                    remote.withSettings(remote.settings().map(settings -> withTokens(settings, remote.stored()))));
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
            ChangeResult result = ChangeResult.of(draft.steps());
            if (!result.isNothing()) {
                apply(result.steps(), draft, options);
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

    private void apply(List<ChangeResult.Step> steps, Draft draft, ChangeOptions options) {
        Plan next = checked(steps, draft);
        try {
            server.change(next.exposure(), options.drain().orElse(drain), () -> {
                if (options.dryRun()) {
                    store.checkKeeps();
                    throw new DryRunException();
                }
                store.save(
                        steps.stream().flatMap(step -> step.after().stream()).toList(),
                        steps.stream()
                                .filter(step -> step.after().isEmpty())
                                .map(ChangeResult.Step::remote)
                                .toList());
            });
        } catch (ListenException e) {
            throw new ConflictException(check.problem(e, pointer(e, next, draft)));
        } catch (DryRunException e) {
            return; // it would have been done
        }
        adopt(next);
        steps.forEach(this::tell);
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

    /** What is to be, if all that is new in it is right. */
    private Plan checked(List<ChangeResult.Step> steps, Draft draft) {
        SortedMap<String, PlannedRemote> stored = new TreeMap<>(plan.stored());
        steps.forEach(step -> stored.remove(step.remote()));
        Plan others = plan.withStored(stored);
        DefinitionCheck.Session session =
                check.begin(others.exposure(), others.keptBack(plan.exposure().remotes()));
        Room room = new Room(server.limits(), plan, others);
        List<ChangeProblem> problems = new ArrayList<>();
        for (ChangeResult.Step step : steps) {
            step.after().ifPresent(remote -> {
                PlannedRemote fresh = planned(remote, room, session, draft.pointers(remote.name()));
                problems.addAll(fresh.problems());
                stored.put(remote.name(), fresh);
            });
        }
        if (problems.size() == 1 && problems.get(0).conflict()) {
            throw new ConflictException(problems.get(0));
        } else if (!problems.isEmpty()) {
            throw new InvalidChangeException(problems);
        }
        return plan.withStored(stored);
    }

    /** Where in the document the port is whose address cannot be listened on. */
    private static String pointer(ListenException failure, Plan next, Draft draft) {
        return next.stored().values().stream()
                .flatMap(remote -> remote.settings().stream())
                .flatMap(settings -> IntStream.range(0, settings.ports().size())
                        .filter(i -> settings.ports().get(i).bind().equals(failure.address()))
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
