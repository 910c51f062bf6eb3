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
 * The desired state: first the entries of files, in their order, then those of the store, by name. If a name is in both, the file's entry
 * is used. Immutable.
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

    /** Returns what files declare. */
    Declared files() {
        return new Declared(List.copyOf(fileGateways.values()), List.copyOf(files.values()), access, limits);
    }

    /** Returns the remotes of the store, by name. Remotes that are kept back are included. */
    SortedMap<String, PlannedRemote> stored() {
        return stored;
    }

    /** Returns the number of remotes. Templates and remotes that are kept back are included. */
    int remotes() {
        return remotes;
    }

    /**
     * Returns the number of ports, hosts and gateways of the store together. The ports and hosts of remotes that files declare are
     * included.
     */
    int ports() {
        return ports;
    }

    /** Returns all remotes. If a name is in a file and in the store, only the file's remote is included. */
    List<PlannedRemote> all() {
        return Stream.concat(
                        files.values().stream(),
                        stored.values().stream().filter(remote -> !files.containsKey(remote.name())))
                .toList();
    }

    /** Returns what the server exposes. */
    Exposure exposure() {
        return new Exposure(
                gateways().stream()
                        .flatMap(gateway -> gateway.opened().stream())
                        .toList(),
                settings(),
                access,
                limits);
    }

    /** Returns what new entries must not conflict with: what is exposed, and gateways whose address cannot be listened on now. */
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

    /** Returns all gateways. If a name is in a file and in the store, only the file's gateway is included. */
    List<PlannedGateway> gateways() {
        return Stream.concat(
                        fileGateways.values().stream(),
                        storedGateways.values().stream().filter(gateway -> !fileGateways.containsKey(gateway.name())))
                .toList();
    }

    /** Returns the gateway with that name. */
    Optional<PlannedGateway> gateway(String name) {
        return Optional.ofNullable(fileGateways.get(name)).or(() -> Optional.ofNullable(storedGateways.get(name)));
    }

    /** Returns the gateways of the store, by name. Gateways that are kept back are included. */
    SortedMap<String, PlannedGateway> storedGateways() {
        return storedGateways;
    }

    /** Returns whether the plan opens the gateway with that name to users. */
    boolean isOpen(String gateway) {
        return gateway(gateway).filter(PlannedGateway::isOpen).isPresent();
    }

    /** Returns what the store keeps. */
    Kept kept() {
        return new Kept(
                storedGateways.values().stream().map(PlannedGateway::definition).toList(),
                stored.values().stream().map(PlannedRemote::stored).toList());
    }

    /** Returns whether an entry of the store is kept back. */
    boolean keepsBack() {
        return stored.values().stream().anyMatch(remote -> remote.settings().isEmpty())
                || storedGateways.values().stream().anyMatch(gateway -> !gateway.isOpen());
    }

    /**
     * Returns the remotes of the store that are kept back. Of their hosts, only those are included that no exposed remote uses.
     *
     * @param now the remotes that are exposed now
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

    /** Returns the difference between what {@code before} exposes and what this plan exposes. */
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

    /** Returns the difference between what the store keeps in {@code before} and in this plan, whether exposed or kept back. */
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

    /** Returns the remote with that name if it is exposed, without the place in the file that declares it. */
    private Optional<PlannedRemote> exposed(String name) {
        return find(name).filter(remote -> remote.settings().isPresent()).map(PlannedRemote::withoutFile);
    }

    /** Returns a copy with other remotes of the store. */
    Plan withStored(SortedMap<String, PlannedRemote> others) {
        return new Plan(files(), storedGateways, others);
    }

    /** Returns a copy with other gateways of the store. */
    Plan withGateways(SortedMap<String, PlannedGateway> others) {
        return new Plan(files(), others, stored);
    }

    /** Returns a copy in which each remote of the store is changed. */
    Plan mapStored(UnaryOperator<PlannedRemote> change) {
        SortedMap<String, PlannedRemote> others = new TreeMap<>(stored);
        others.replaceAll((name, remote) -> change.apply(remote));
        return withStored(others);
    }

    /** Returns the ids of all tokens. */
    Set<String> tokenIds() {
        return stored.values().stream()
                .flatMap(remote -> remote.tokens().stream())
                .map(RemoteToken::id)
                .collect(Collectors.toSet());
    }

    /** Returns when the next token expires; {@link Instant#MAX} if none does. */
    Instant nextExpiry(Instant now) {
        return stored.values().stream()
                .flatMap(remote -> remote.tokens().stream())
                .flatMap(token -> token.expires().stream())
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }
}
