package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.Exposure;
import io.portproxy.server.Limits;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Makes the next plan from the current plan and a change, and checks it by the rules. It does not apply the plan. Any thread; may block on
 * name resolution.
 */
final class Planner {
    private final DefinitionCheck check;
    private final Limits limits;
    private final Clock clock;
    private final List<TokenVerifier> nobodys = List.of(unknown());

    /**
     * @param check the rules for definitions
     * @param limits the largest numbers of remotes and ports
     * @param clock used to find out which tokens have expired
     */
    Planner(DefinitionCheck check, Limits limits, Clock clock) {
        this.check = check;
        this.limits = limits;
        this.clock = clock;
    }

    /** Returns the verifier of a token that nobody has. */
    private static TokenVerifier unknown() {
        byte[] secret = new byte[TokenVerifier.KEY_LENGTH];
        new SecureRandom().nextBytes(secret);
        return TokenVerifier.of(Token.of(HexFormat.of().formatHex(secret)));
    }

    /**
     * Plans what files declare, and beside it what the store keeps. An entry of the store that conflicts with others is kept back.
     *
     * @param now the current plan
     */
    Plan beside(Plan now, Declared files, Kept kept) {
        Plan declared = new Plan(files, new TreeMap<>(), new TreeMap<>());
        Room room = new Room(limits, Plan.EMPTY, declared);
        // A gateway must not take an address from a remote of the store that is exposed.
        Exposure others = declared.withStored(now.stored()).rightOnes();
        Plan front = declared.withGateways(gateways(now, others, kept.gateways(), room, Pointers::ofName));
        DefinitionCheck.Session session = check.begin(front.rightOnes(), List.of());
        SortedMap<String, PlannedRemote> planned = new TreeMap<>();
        for (StoredRemote remote : kept.remotes()) {
            planned.put(remote.name(), planned(now, remote, room, session, Pointers.ofRemote(remote.name())));
        }
        return front.withStored(planned);
    }

    /** Returns whether an entry that is kept back can be exposed now. */
    boolean fitsMore(Plan now) {
        Plan others = now.withGateways(new TreeMap<>());
        boolean moreGateways = gateways(
                        now, others.rightOnes(), now.kept().gateways(), new Room(limits, now, others), Pointers::ofName)
                .values()
                .stream()
                .anyMatch(gateway -> gateway.isOpen() && !now.isOpen(gateway.name()));
        DefinitionCheck.Session session = check.begin(now.rightOnes(), List.of());
        return moreGateways
                || now.stored().values().stream()
                        .filter(remote -> remote.settings().isEmpty())
                        .anyMatch(remote -> session.check(
                                        remote.definition(), Pointers.ofRemote(remote.name()), Optional.empty())
                                .settings()
                                .isPresent());
    }

    /**
     * Applies a draft to the current plan.
     *
     * @throws InvalidChangeException a new entry of the draft has errors
     * @throws ConflictException a new entry of the draft conflicts with what already exists
     */
    Plan changed(Plan now, ChangeResult change, Draft draft) {
        SortedMap<String, PlannedRemote> stored = new TreeMap<>(now.stored());
        change.steps().forEach(step -> stored.remove(step.remote()));
        List<ChangeProblem> problems = new ArrayList<>();
        Plan others = now.withStored(stored);
        if (!change.gateways().isEmpty()) {
            others = withGateways(now, others, draft, problems);
        }
        DefinitionCheck.Session session =
                check.begin(others.rightOnes(), others.keptBack(now.exposure().remotes()));
        Room room = new Room(limits, now, others);
        for (ChangeResult.Step step : change.steps()) {
            step.after().ifPresent(remote -> {
                PlannedRemote fresh = planned(now, remote, room, session, draft.pointers(remote.name()));
                problems.addAll(fresh.problems());
                stored.put(remote.name(), fresh);
            });
        }
        if (!change.gateways().isEmpty() && problems.isEmpty()) {
            requireReached(others, draft, problems);
        }
        if (problems.size() == 1 && problems.get(0).conflict()) {
            throw new ConflictException(problems.get(0));
        } else if (!problems.isEmpty()) {
            throw new InvalidChangeException(problems);
        }
        return others.withStored(stored);
    }

    /**
     * Adds the gateways of a draft to a plan.
     *
     * @param problems receives the problems of gateways that the document contains
     * @throws ConflictException a gateway that the document does not contain would have to close
     */
    private Plan withGateways(Plan now, Plan others, Draft draft, List<ChangeProblem> problems) {
        Plan without = others.withGateways(new TreeMap<>());
        SortedMap<String, PlannedGateway> gateways = gateways(
                now,
                without.rightOnes(),
                draft.gatewaysAfter(),
                new Room(limits, now, without),
                name -> draft.gatewayPointer(name).orElse(Pointers.ofName(name)));
        gateways.replaceAll((name, gateway) -> keptBackBefore(now, gateway)
                .map(before -> gateway.keptBack(before.problems()))
                .orElse(gateway));
        for (PlannedGateway gateway : gateways.values()) {
            boolean isPart = keptBackBefore(now, gateway).isEmpty();
            if (isPart && draft.gatewayPointer(gateway.name()).isPresent()) {
                problems.addAll(gateway.problems());
            } else if (isPart && !gateway.isOpen()) {
                throw new ConflictException(GatewayNeeds.text(gateway));
            }
        }
        return others.withGateways(gateways);
    }

    /**
     * Returns the current gateway if it has the same definition and is not open. Such a gateway stays as it is, and blocks no change. A
     * later retry may open it.
     */
    private static Optional<PlannedGateway> keptBackBefore(Plan now, PlannedGateway gateway) {
        return Optional.ofNullable(now.storedGateways().get(gateway.name()))
                .filter(before -> !before.isOpen() && before.definition().equals(gateway.definition()));
    }

    /**
     * Checks that remotes that do not change keep the gateways that they need.
     *
     * @param others the entries that do not change, and the new gateways
     * @param problems receives the problems of remotes that the document contains
     * @throws ConflictException a remote that the document does not contain would lose a gateway that it needs
     */
    private void requireReached(Plan others, Draft draft, List<ChangeProblem> problems) {
        DefinitionCheck.Session session =
                check.begin(others.withStored(new TreeMap<>()).rightOnes(), List.of());
        List<String> lost = new ArrayList<>();
        for (PlannedRemote remote : others.stored().values()) {
            if (remote.settings().isPresent()) {
                Optional<Pointers> at = draft.knownPointers(remote.name());
                List<ChangeProblem> wrong = session.check(
                                remote.definition(), at.orElse(Pointers.ofRemote(remote.name())), remote.settings())
                        .problems();
                if (at.isPresent()) {
                    problems.addAll(wrong);
                } else {
                    wrong.forEach(problem -> lost.add(GatewayNeeds.text(remote.definition(), problem)));
                }
            }
        }
        if (!lost.isEmpty()) {
            throw new ConflictException(GatewayNeeds.text(lost));
        }
    }

    /**
     * Plans the store's gateways, by name.
     *
     * @param others the entries that will exist beside them
     * @param pointer returns where in the document a gateway is, by its name
     */
    private SortedMap<String, PlannedGateway> gateways(
            Plan now, Exposure others, List<GatewayDefinition> wanted, Room room, Function<String, String> pointer) {
        SortedMap<String, PlannedGateway> planned = new TreeMap<>();
        List<DefinitionCheck.Gateway> toCheck = new ArrayList<>();
        for (GatewayDefinition gateway : wanted) {
            String at = pointer.apply(gateway.name());
            Optional<ChangeProblem> tooMuch = room.takeGateway(at);
            if (tooMuch.isPresent()) {
                planned.put(
                        gateway.name(),
                        PlannedGateway.ofStore(
                                gateway, new DefinitionCheck.Result<>(Optional.empty(), List.of(tooMuch.get()))));
            } else {
                toCheck.add(new DefinitionCheck.Gateway(gateway, at, bound(now, gateway)));
            }
        }
        List<DefinitionCheck.Result<GatewaySettings>> results = check.gateways(others, toCheck);
        for (int i = 0; i < results.size(); i++) {
            GatewayDefinition gateway = toCheck.get(i).definition();
            planned.put(gateway.name(), PlannedGateway.ofStore(gateway, results.get(i)));
        }
        return planned;
    }

    /** Returns what the gateway resolved to before; empty if its definition changes. */
    private static Optional<GatewaySettings> bound(Plan now, GatewayDefinition gateway) {
        return Optional.ofNullable(now.storedGateways().get(gateway.name()))
                .filter(there -> there.definition().equals(gateway))
                .flatMap(PlannedGateway::settings);
    }

    private PlannedRemote planned(
            Plan now, StoredRemote remote, Room room, DefinitionCheck.Session session, Pointers pointers) {
        Optional<ChangeProblem> tooMuch = room.take(remote.definition(), pointers);
        DefinitionCheck.Result<RemoteSettings> result = tooMuch.isPresent()
                ? new DefinitionCheck.Result<>(Optional.empty(), List.of(tooMuch.get()))
                : session.check(remote.definition(), pointers, bound(now, remote));
        return new PlannedRemote(
                remote.definition(),
                Optional.empty(),
                remote.tokens(),
                result.settings().map(settings -> withTokens(settings, remote)),
                result.problems());
    }

    /** Returns what is exposed of the remote now; empty if its definition changes. */
    private static Optional<RemoteSettings> bound(Plan now, StoredRemote remote) {
        return Optional.ofNullable(now.stored().get(remote.name()))
                .filter(there -> there.definition().equals(remote.definition()))
                .flatMap(PlannedRemote::settings);
    }

    /** Returns the plan with only the tokens that are valid now. */
    Plan withValidTokens(Plan now) {
        return now.mapStored(remote ->
                remote.withSettings(remote.settings().map(settings -> withTokens(settings, remote.stored()))));
    }

    /**
     * Adds the tokens that are valid now. Without tokens, anybody could connect as the remote. So a remote with no valid token gets the
     * verifier of a token that nobody has.
     */
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
