package io.portproxy.manage;

import io.portproxy.server.RemoteSettings;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * The desired state: what files declare, in their order, and what the store has, by name. A name that is in both is the file's.
 * Immutable.
 */
final class Plan {
    static final Plan EMPTY = new Plan(List.of(), new TreeMap<>());

    private final Map<String, PlannedRemote> files = new LinkedHashMap<>();
    private final SortedMap<String, PlannedRemote> stored;

    Plan(Collection<PlannedRemote> files, SortedMap<String, PlannedRemote> stored) {
        files.forEach(remote -> this.files.put(remote.name(), remote));
        this.stored = Collections.unmodifiableSortedMap(stored);
    }

    Optional<PlannedRemote> find(String name) {
        return ofFile(name).or(() -> Optional.ofNullable(stored.get(name)));
    }

    Optional<PlannedRemote> ofFile(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** Those of files. */
    Collection<PlannedRemote> files() {
        return files.values();
    }

    /** Those of the store, by name; those that files keep back among them. */
    SortedMap<String, PlannedRemote> stored() {
        return stored;
    }

    /** All, each name once. */
    List<PlannedRemote> all() {
        return Stream.concat(
                        files.values().stream(),
                        stored.values().stream().filter(remote -> !files.containsKey(remote.name())))
                .toList();
    }

    /** What is exposed. */
    List<RemoteSettings> settings() {
        return all().stream().flatMap(remote -> remote.settings().stream()).toList();
    }

    /** With other remotes in the store's place. */
    Plan withStored(SortedMap<String, PlannedRemote> others) {
        return new Plan(files(), others);
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
