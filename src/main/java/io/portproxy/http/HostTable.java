package io.portproxy.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the value for a request by its host and path. The exact name comes first, then the longest wildcard, then the
 * pattern for any name. Among the paths of that name, the longest prefix of the request's path wins, segment by
 * segment. If the name is known but none of its paths fits, nothing is found. Immutable. Any thread. The time of a
 * search does not depend on the number of names.
 *
 * @param <T> the type of the values
 */
public final class HostTable<T> {
    /**
     * One host, or a part of one.
     *
     * @param host the names that it covers
     * @param path the prefix of the paths that it covers, as {@link RequestPath#require} returns it
     * @param value the value to find
     */
    public record Entry<T>(HostPattern host, String path, T value) {}

    private static final String ROOT = "/";

    private final Map<String, Paths<T>> exact = new HashMap<>();
    private final Map<String, Paths<T>> wildcards = new HashMap<>(); // by the name after "*."; "" is for any name

    /**
     * Makes a table.
     *
     * @throws IllegalArgumentException if two entries have the same host and path
     */
    public HostTable(List<Entry<T>> entries) {
        for (Entry<T> entry : entries) {
            Map<String, Paths<T>> names = entry.host().wildcard() ? wildcards : exact;
            names.computeIfAbsent(entry.host().name(), any -> new Paths<>()).add(entry);
        }
    }

    /**
     * Returns the value for a request; empty if there is none.
     *
     * @param host {@linkplain HostName#normal normal}
     * @param target the request target, as the user wrote it
     * @throws RefusedException with 400, if the path is needed and is malformed
     */
    public Optional<T> find(String host, String target) throws RefusedException {
        Optional<Paths<T>> paths = paths(host);
        return paths.isPresent() ? paths.get().find(target) : Optional.empty();
    }

    /**
     * Returns the value for a host without a path: the one for all paths that no longer prefix covers.
     *
     * @param host {@linkplain HostName#normal normal}
     */
    public Optional<T> findHost(String host) {
        return paths(host).flatMap(Paths::root);
    }

    /** Returns the exact names, without wildcards. */
    public Set<String> names() {
        return Collections.unmodifiableSet(exact.keySet());
    }

    private Optional<Paths<T>> paths(String host) {
        Paths<T> found = exact.get(host);
        for (int dot = host.indexOf('.'); found == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = wildcards.get(host.substring(dot + 1));
        }
        return Optional.ofNullable(found == null ? wildcards.get("") : found);
    }

    /** The paths of one name, the longest first. */
    private static final class Paths<T> {
        private final List<Entry<T>> entries = new ArrayList<>(1);

        void add(Entry<T> entry) {
            if (entries.stream().anyMatch(there -> there.path().equals(entry.path()))) {
                throw new IllegalArgumentException(
                        "host " + entry.host().text() + " with path " + entry.path() + " twice");
            }
            entries.add(entry);
            entries.sort(
                    Comparator.comparingInt((Entry<T> there) -> there.path().length())
                            .reversed());
        }

        Optional<T> root() {
            Entry<T> last = entries.get(entries.size() - 1);
            return last.path().equals(ROOT) ? Optional.of(last.value()) : Optional.empty();
        }

        Optional<T> find(String target) throws RefusedException {
            if (entries.size() == 1 && entries.get(0).path().equals(ROOT)) {
                return Optional.of(entries.get(0).value());
            }
            String path = RequestPath.of(target);
            for (Entry<T> entry : entries) {
                if (isPrefix(entry.path(), path)) {
                    return Optional.of(entry.value());
                }
            }
            return Optional.empty();
        }

        private static boolean isPrefix(String prefix, String path) {
            return prefix.equals(ROOT)
                    || (path.startsWith(prefix)
                            && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'));
        }
    }
}
