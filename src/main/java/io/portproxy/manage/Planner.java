package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.Limits;
import io.portproxy.server.RemoteSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the next plan out of what there is and of what is to be, by the rules; touches nothing. Any thread; may block on name resolution. */
final class Planner {
    private final DefinitionCheck check;
    private final Limits limits;
    private final Clock clock;
    private final List<TokenVerifier> nobodys = List.of(unknown());

    /**
     * @param check the rules
     * @param limits how much there may be
     * @param clock says which tokens have expired
     */
    Planner(DefinitionCheck check, Limits limits, Clock clock) {
        this.check = check;
        this.limits = limits;
        this.clock = clock;
    }

    /** That of a token that nobody has. */
    private static TokenVerifier unknown() {
        byte[] secret = new byte[TokenVerifier.KEY_LENGTH];
        new SecureRandom().nextBytes(secret);
        return TokenVerifier.of(Token.of(HexFormat.of().formatHex(secret)));
    }

    /**
     * What files declare, and what the store has beside it; what does not fit is kept back.
     *
     * @param now what there is
     */
    Plan beside(Plan now, Declared files, List<StoredRemote> stored) {
        Plan declared = new Plan(files, new TreeMap<>());
        DefinitionCheck.Session session = check.begin(declared.exposure(), List.of());
        Room room = new Room(limits, Plan.EMPTY, declared);
        SortedMap<String, PlannedRemote> planned = new TreeMap<>();
        for (StoredRemote remote : stored) {
            planned.put(remote.name(), planned(now, remote, room, session, Pointers.ofRemote(remote.name())));
        }
        return new Plan(files, planned);
    }

    /** Whether something that is kept back fits now. */
    boolean fitsMore(Plan now) {
        DefinitionCheck.Session session = check.begin(now.exposure(), List.of());
        return now.stored().values().stream()
                .filter(remote -> remote.settings().isEmpty())
                .anyMatch(
                        remote -> session.check(remote.definition(), Pointers.ofRemote(remote.name()), Optional.empty())
                                .settings()
                                .isPresent());
    }

    /**
     * What a draft makes of what there is.
     *
     * @throws InvalidChangeException something that is new in it is wrong
     * @throws ConflictException the same, because of what there is already
     */
    Plan changed(Plan now, List<ChangeResult.Step> steps, Draft draft) {
        SortedMap<String, PlannedRemote> stored = new TreeMap<>(now.stored());
        steps.forEach(step -> stored.remove(step.remote()));
        Plan others = now.withStored(stored);
        DefinitionCheck.Session session =
                check.begin(others.exposure(), others.keptBack(now.exposure().remotes()));
        Room room = new Room(limits, now, others);
        List<ChangeProblem> problems = new ArrayList<>();
        for (ChangeResult.Step step : steps) {
            step.after().ifPresent(remote -> {
                PlannedRemote fresh = planned(now, remote, room, session, draft.pointers(remote.name()));
                problems.addAll(fresh.problems());
                stored.put(remote.name(), fresh);
            });
        }
        if (problems.size() == 1 && problems.get(0).conflict()) {
            throw new ConflictException(problems.get(0));
        } else if (!problems.isEmpty()) {
            throw new InvalidChangeException(problems);
        }
        return now.withStored(stored);
    }

    private PlannedRemote planned(
            Plan now, StoredRemote remote, Room room, DefinitionCheck.Session session, Pointers pointers) {
        Optional<ChangeProblem> tooMuch = room.take(remote.definition(), pointers);
        DefinitionCheck.Result result = tooMuch.isPresent()
                ? new DefinitionCheck.Result(Optional.empty(), List.of(tooMuch.get()))
                : session.check(remote.definition(), pointers, bound(now, remote));
        return new PlannedRemote(
                remote.definition(),
                Optional.empty(),
                remote.tokens(),
                result.settings().map(settings -> withTokens(settings, remote)),
                result.problems());
    }

    /** What is exposed of it now, unless it is to be something else. */
    private static Optional<RemoteSettings> bound(Plan now, StoredRemote remote) {
        return Optional.ofNullable(now.stored().get(remote.name()))
                .filter(there -> there.definition().equals(remote.definition()))
                .flatMap(PlannedRemote::settings);
    }

    /** With the tokens that are valid now. */
    Plan withValidTokens(Plan now) {
        return now.mapStored(remote ->
                remote.withSettings(remote.settings().map(settings -> withTokens(settings, remote.stored()))));
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
}
