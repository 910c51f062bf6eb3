package io.portproxy.manage;

import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.limits.LimitSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The desired state: the entries of files, in their order, and those of the store, by name. If a name is in both, the
 * file's entry is used. Immutable.
 */
final class Plan {
    static final Plan EMPTY = new Plan(Declared.NOTHING, new TreeMap<>(), new TreeMap<>());

    private final Map<String, PlannedGateway> fileGateways = new LinkedHashMap<>();
    private final SortedMap<String, PlannedGateway> storedGateways;
    private final Access access;
    private final LimitSettings limits;
    private final Map<String, PlannedRemote> files = new LinkedHashMap<>();
    private final SortedMap<String, PlannedRemote> stored;
    private final int remotes;
    private final int ports;

    Plan(Declared files, SortedMap<String, PlannedGateway> storedGateways, SortedMap<String, PlannedRemote> stored) {
        files.gateways().forEach(gateway -> fileGateways.put(gateway.name(), gateway));
        this.storedGateways = Collections.unmodifiableSortedMap(storedGateways);
        this.access = files.access();
        this.limits = files.limits();
        files.remotes().forEach(remote -> this.files.put(remote.name(), remote));
        this.stored = Collections.unmodifiableSortedMap(stored);
        this.remotes = this.files.size() + stored.size();
        this.ports = storedGateways.size()
                + Stream.concat(this.files.values().stream(), stored.values().stream())
                        .mapToInt(PlannedRemote::ports)
                        .sum();
    }

    Optional<PlannedRemote> find(String name) {
        return ofFile(name).or(() -> Optional.ofNullable(stored.get(name)));
    }

    Optional<PlannedRemote> ofFile(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** What files declare. */
    Declared files() {
        return new Declared(List.copyOf(fileGateways.values()), List.copyOf(files.values()), access, limits);
    }

    /** Those of the store, by name; those that files keep back among them. */
    SortedMap<String, PlannedRemote> stored() {
        return stored;
    }

    /** How many remotes there are, those that are kept back and templates among them. */
    int remotes() {
        return remotes;
    }

    /** How many ports and hosts they have, with the store's gateways. */
    int ports() {
        return ports;
    }

    /** All, each name once. */
    List<PlannedRemote> all() {
        return Stream.concat(
                        files.values().stream(),
                        stored.values().stream().filter(remote -> !files.containsKey(remote.name())))
                .toList();
    }

    /** What is exposed. */
    Exposure exposure() {
        return new Exposure(
                gateways().stream()
                        .flatMap(gateway -> gateway.opened().stream())
                        .toList(),
                settings(),
                access,
                limits);
    }

    /** What others have to fit beside: what is exposed, and gateways whose address cannot be listened on now. */
    Exposure rightOnes() {
        return new Exposure(
                gateways().stream()
                        .flatMap(gateway -> gateway.settings().stream())
                        .toList(),
                settings(),
                access,
                limits);
    }

    private List<RemoteSettings> settings() {
        return all().stream().flatMap(remote -> remote.settings().stream()).toList();
    }

    /** All gateways, each name once. */
    List<PlannedGateway> gateways() {
        return Stream.concat(
                        fileGateways.values().stream(),
                        storedGateways.values().stream().filter(gateway -> !fileGateways.containsKey(gateway.name())))
                .toList();
    }

    /** The gateway with that name. */
    Optional<PlannedGateway> gateway(String name) {
        return Optional.ofNullable(fileGateways.get(name)).or(() -> Optional.ofNullable(storedGateways.get(name)));
    }

    /** Those of the store, by name; those that are kept back among them. */
    SortedMap<String, PlannedGateway> storedGateways() {
        return storedGateways;
    }

    /** Whether users can connect to the gateway with that name, as far as it is up to the plan. */
    boolean isOpen(String gateway) {
        return gateway(gateway).filter(PlannedGateway::isOpen).isPresent();
    }

    /** What the store has. */
    Kept kept() {
        return new Kept(
                storedGateways.values().stream().map(PlannedGateway::definition).toList(),
                stored.values().stream().map(PlannedRemote::stored).toList());
    }

    /** Whether something of the store is kept back. */
    boolean keepsBack() {
        return stored.values().stream().anyMatch(remote -> remote.settings().isEmpty())
                || storedGateways.values().stream().anyMatch(gateway -> !gateway.isOpen());
    }

    /**
     * The remotes of the store that are kept back, with their hosts: those alone that nobody has meanwhile.
     *
     * @param now what is exposed
     */
    List<RemoteDefinition> keptBack(List<RemoteSettings> now) {
        return stored.values().stream()
                .filter(remote -> remote.settings().isEmpty())
                .map(PlannedRemote::definition)
                .map(remote -> remote.withHosts(remote.hosts().stream()
                        .filter(host -> now.stream()
                                .flatMap(other -> other.hosts().stream())
                                .noneMatch(host::meets))
                        .toList()))
                .toList();
    }

    /** What is exposed here and was not before, or not in the same way, and the other way round. */
    ChangeResult since(Plan before) {
        Set<String> names = new LinkedHashSet<>();
        before.all().forEach(remote -> names.add(remote.name()));
        all().forEach(remote -> names.add(remote.name()));
        return ChangeResult.of(
                gatewaysSince(before),
                names.stream()
                        .filter(name -> !before.exposed(name).equals(exposed(name)))
                        .map(name -> new ChangeResult.Step(
                                before.exposed(name).map(PlannedRemote::stored),
                                exposed(name).map(PlannedRemote::stored)))
                        .toList());
    }

    /** What the store has here and had not before, or not in the same way, and the other way round; exposed or kept back. */
    ChangeResult keptSince(Plan before) {
        Set<String> gateways = new LinkedHashSet<>(before.storedGateways().keySet());
        gateways.addAll(storedGateways().keySet());
        Set<String> remotes = new LinkedHashSet<>(before.stored().keySet());
        remotes.addAll(stored().keySet());
        return ChangeResult.of(
                gateways.stream()
                        .map(name -> new ChangeResult.GatewayStep(before.keptGateway(name), keptGateway(name)))
                        .filter(step -> !step.before().equals(step.after()))
                        .toList(),
                remotes.stream()
                        .map(name -> new ChangeResult.Step(before.kept(name), kept(name)))
                        .filter(step -> !step.before().equals(step.after()))
                        .toList());
    }

    private Optional<GatewayDefinition> keptGateway(String name) {
        return Optional.ofNullable(storedGateways().get(name)).map(PlannedGateway::definition);
    }

    private Optional<StoredRemote> kept(String name) {
        return Optional.ofNullable(stored().get(name)).map(PlannedRemote::stored);
    }

    private List<ChangeResult.GatewayStep> gatewaysSince(Plan before) {
        Map<String, PlannedGateway> was = before.openGateways();
        Map<String, PlannedGateway> is = openGateways();
        Set<String> names = new LinkedHashSet<>(was.keySet());
        names.addAll(is.keySet());
        List<ChangeResult.GatewayStep> steps = new ArrayList<>();
        for (String name : names) {
            Optional<PlannedGateway> one = Optional.ofNullable(was.get(name));
            Optional<PlannedGateway> other = Optional.ofNullable(is.get(name));
            if (!one.flatMap(PlannedGateway::settings).equals(other.flatMap(PlannedGateway::settings))) {
                steps.add(new ChangeResult.GatewayStep(
                        one.map(PlannedGateway::definition), other.map(PlannedGateway::definition)));
            }
        }
        return steps;
    }

    private Map<String, PlannedGateway> openGateways() {
        Map<String, PlannedGateway> byName = new LinkedHashMap<>();
        gateways().stream().filter(PlannedGateway::isOpen).forEach(gateway -> byName.put(gateway.name(), gateway));
        return byName;
    }

    /** That remote, unless something keeps it back; without the line of the file that it is written in. */
    private Optional<PlannedRemote> exposed(String name) {
        return find(name).filter(remote -> remote.settings().isPresent()).map(PlannedRemote::withoutFile);
    }

    /** With other remotes in the store's place. */
    Plan withStored(SortedMap<String, PlannedRemote> others) {
        return new Plan(files(), storedGateways, others);
    }

    /** With other gateways in the store's place. */
    Plan withGateways(SortedMap<String, PlannedGateway> others) {
        return new Plan(files(), others, stored);
    }

    /** With each of the store's remotes changed. */
    Plan mapStored(UnaryOperator<PlannedRemote> change) {
        SortedMap<String, PlannedRemote> others = new TreeMap<>(stored);
        others.replaceAll((name, remote) -> change.apply(remote));
        return withStored(others);
    }

    /** The ids of all tokens. */
    Set<String> tokenIds() {
        return stored.values().stream()
                .flatMap(remote -> remote.tokens().stream())
                .map(RemoteToken::id)
                .collect(Collectors.toSet());
    }

    /** When the next token expires. */
    Instant nextExpiry(Instant now) {
        return stored.values().stream()
                .flatMap(remote -> remote.tokens().stream())
                .flatMap(token -> token.expires().stream())
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }
}
