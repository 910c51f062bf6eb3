package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The next content of the store's gateways and remotes, while a change is being prepared. For one thread. */
final class Draft {
    private final Plan before;
    private final Map<String, StoredRemote> put = new LinkedHashMap<>();
    private final Map<String, Pointers> pointers = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private final Map<String, GatewayDefinition> gateways = new LinkedHashMap<>();
    private final Map<String, String> gatewayPointers = new HashMap<>();
    private final Set<String> removedGateways = new HashSet<>();

    Draft(Plan before) {
        this.before = before;
    }

    /**
     * Returns the store's remote with that name.
     *
     * @throws NoSuchException it does not exist
     * @throws ConflictException a file declares it
     */
    StoredRemote require(String name) {
        before.ofFile(name).ifPresent(remote -> {
            throw declared(remote);
        });
        return Optional.ofNullable(before.stored().get(name))
                .map(PlannedRemote::stored)
                .orElseThrow(() -> new NoSuchException("no remote has the name " + name));
    }

    private static ConflictException declared(PlannedRemote remote) {
        return declared("remote " + remote.name(), remote.file());
    }

    private static ConflictException declared(String what, Optional<String> file) {
        return new ConflictException(what + " is declared in " + file.orElse("a file") + ": change it there");
    }

    /**
     * Returns the store's gateway with that name; empty if there is none.
     *
     * @throws ConflictException a file declares it
     */
    Optional<GatewayDefinition> gateway(String name) {
        Optional<PlannedGateway> there = before.gateway(name);
        there.filter(gateway -> gateway.file().isPresent()).ifPresent(gateway -> {
            throw declared("gateway " + name, gateway.file());
        });
        return there.map(PlannedGateway::definition);
    }

    /**
     * Adds or replaces a gateway.
     *
     * @param at where in the document the gateway is
     */
    void put(GatewayDefinition gateway, String at) {
        gateways.put(gateway.name(), gateway);
        gatewayPointers.put(gateway.name(), at);
    }

    void removeGateway(String name) {
        removedGateways.add(name);
    }

    /** Removes all gateways that {@link #put(GatewayDefinition, String)} has not added or replaced. */
    void removeOtherGateways() {
        before.storedGateways().keySet().stream()
                .filter(name -> !gateways.containsKey(name))
                .forEach(removedGateways::add);
    }

    /** Returns where in the document a gateway is; empty if the document does not contain it. */
    Optional<String> gatewayPointer(String name) {
        return Optional.ofNullable(gatewayPointers.get(name));
    }

    /** Returns all gateways of the store after the change, by name. */
    List<GatewayDefinition> gatewaysAfter() {
        SortedMap<String, GatewayDefinition> after = new TreeMap<>();
        before.storedGateways().forEach((name, gateway) -> after.put(name, gateway.definition()));
        after.keySet().removeAll(removedGateways);
        after.putAll(gateways);
        return List.copyOf(after.values());
    }

    /** Returns the gateways that the change adds, changes or removes. */
    private List<ChangeResult.GatewayStep> gatewaySteps() {
        List<ChangeResult.GatewayStep> steps = new ArrayList<>();
        removedGateways.forEach(name -> steps.add(new ChangeResult.GatewayStep(definition(name), Optional.empty())));
        gateways.forEach((name, gateway) -> {
            Optional<GatewayDefinition> was = definition(name);
            if (!was.equals(Optional.of(gateway))) {
                steps.add(new ChangeResult.GatewayStep(was, Optional.of(gateway)));
            }
        });
        return steps;
    }

    private Optional<GatewayDefinition> definition(String name) {
        return Optional.ofNullable(before.storedGateways().get(name)).map(PlannedGateway::definition);
    }

    /** @throws ConflictException a remote with that name exists */
    void requireNew(String name) {
        before.ofFile(name).ifPresent(remote -> {
            throw declared(remote);
        });
        if (before.stored().containsKey(name)) {
            throw new ConflictException("there is a remote " + name + " already");
        }
    }

    /**
     * Adds or replaces a remote. A remote that exists keeps its tokens, and keeps secrets that the definition hides.
     *
     * @return the definition with these secrets
     */
    RemoteDefinition put(RemoteDefinition definition, Pointers at) {
        String name = definition.name();
        PlannedRemote there = before.stored().get(name);
        RemoteDefinition whole = there == null ? definition : definition.keepingSecretsOf(there.definition());
        put.put(name, new StoredRemote(whole, there == null ? List.of() : there.tokens()));
        pointers.put(name, at);
        return whole;
    }

    /**
     * Adds or replaces a remote as {@link #put(RemoteDefinition, Pointers)} does. If {@code tokens} is present, they replace its tokens.
     */
    RemoteDefinition put(RemoteDefinition definition, Optional<List<RemoteToken>> tokens, Pointers at) {
        RemoteDefinition whole = put(definition, at);
        tokens.ifPresent(said -> put.put(definition.name(), new StoredRemote(whole, said)));
        return whole;
    }

    /** Replaces a remote. */
    void put(StoredRemote remote) {
        put.put(remote.name(), remote);
        pointers.put(remote.name(), Pointers.WHOLE);
    }

    void remove(String name) {
        removed.add(name);
    }

    /** Removes all remotes that {@code put} has not added or replaced. */
    void removeOthers() {
        before.stored().keySet().stream().filter(name -> !put.containsKey(name)).forEach(removed::add);
    }

    /** Returns where in the document a remote is. If the document does not contain it, returns {@link Pointers#WHOLE}. */
    Pointers pointers(String name) {
        return knownPointers(name).orElse(Pointers.WHOLE);
    }

    /** Returns where in the document a remote is; empty if the document does not contain it. */
    Optional<Pointers> knownPointers(String name) {
        return Optional.ofNullable(pointers.get(name));
    }

    /** Returns what the change adds, changes and removes. Entries that stay the same are left out. */
    ChangeResult result() {
        return ChangeResult.of(gatewaySteps(), steps());
    }

    private List<ChangeResult.Step> steps() {
        List<ChangeResult.Step> steps = new ArrayList<>();
        removed.forEach(name -> steps.add(new ChangeResult.Step(
                Optional.ofNullable(before.stored().get(name)).map(PlannedRemote::stored), Optional.empty())));
        put.values().forEach(remote -> {
            Optional<StoredRemote> was =
                    Optional.ofNullable(before.stored().get(remote.name())).map(PlannedRemote::stored);
            if (!was.equals(Optional.of(remote))) {
                steps.add(new ChangeResult.Step(was, Optional.of(remote)));
            }
        });
        return steps;
    }
}
