package io.portproxy.manage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a change has changed, or would change.
 *
 * @param added gateways, remotes, ports and hosts that are new
 * @param changed gateways, remotes, ports and hosts that have changed
 * @param removed gateways, remotes, ports and hosts that no longer exist
 * @param gateways each affected gateway, before and after the change
 * @param steps each affected remote, before and after the change
 */
public record ChangeResult(
        List<Item> added, List<Item> changed, List<Item> removed, List<GatewayStep> gateways, List<Step> steps) {

    /**
     * A gateway, a remote, or one of a remote's ports or hosts.
     *
     * @param gateway the gateway's name; empty if the item is not a gateway
     * @param remote the name of the remote; empty if the item is a gateway
     * @param port the port's name; empty if the item is not a port
     * @param host the host with its path, for example {@code app.example.com/api}; empty if the item is not a host
     */
    public record Item(
            Optional<String> gateway, Optional<String> remote, Optional<String> port, Optional<String> host) {
        static Item ofGateway(String name) {
            return new Item(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Item ofRemote(String name) {
            return new Item(Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty());
        }

        static Item ofPort(String remote, String name) {
            return new Item(Optional.empty(), Optional.of(remote), Optional.of(name), Optional.empty());
        }

        static Item ofHost(String remote, String address) {
            return new Item(Optional.empty(), Optional.of(remote), Optional.empty(), Optional.of(address));
        }

        /** Returns text such as {@code home}, {@code home/ssh}, {@code home/app.example.com/api} or {@code gateway web}. */
        @Override
        public String toString() {
            return gateway.map(name -> "gateway " + name)
                    .orElseGet(() -> remote.orElse("")
                            + port.or(() -> host).map(name -> "/" + name).orElse(""));
        }
    }

    /**
     * The part of a change that affects one gateway.
     *
     * @param before the gateway before the change; empty if it is new
     * @param after the gateway after the change; empty if it was removed. If it equals {@code before}, what the definition resolves to has
     *     changed
     */
    public record GatewayStep(Optional<GatewayDefinition> before, Optional<GatewayDefinition> after) {
        /** Returns the gateway's name. */
        public String gateway() {
            return after.or(() -> before).orElseThrow().name();
        }
    }

    /**
     * The part of a change that affects one remote.
     *
     * @param before the remote before the change; empty if it is new
     * @param after the remote after the change; empty if it was removed
     */
    public record Step(Optional<StoredRemote> before, Optional<StoredRemote> after) {
        /** Returns the remote's name. */
        public String remote() {
            return after.or(() -> before).orElseThrow().name();
        }
    }

    /** The result of a change that changes nothing. */
    public static final ChangeResult NOTHING = of(List.of());

    public ChangeResult {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        gateways = List.copyOf(gateways);
        steps = List.copyOf(steps);
    }

    /** Returns whether nothing changes. */
    public boolean isNothing() {
        return steps.isEmpty() && gateways.isEmpty() && added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Returns the result as one line of text for people. */
    public String summary() {
        return Stream.of(names("added", added), names("changed", changed), names("removed", removed))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String names(String what, List<Item> items) {
        return items.isEmpty()
                ? ""
                : items.stream().map(Item::toString).collect(Collectors.joining(", ", what + " ", ""));
    }

    /** Returns the change that turns the first gateways and remotes into the second. Ignores tokens. */
    public static ChangeResult between(Desired before, Desired after) {
        return of(
                differences(before.gateways(), after.gateways(), GatewayDefinition::name, GatewayStep::new),
                differences(
                        withoutTokens(before.remotes()),
                        withoutTokens(after.remotes()),
                        StoredRemote::name,
                        Step::new));
    }

    private static List<StoredRemote> withoutTokens(List<RemoteDefinition> remotes) {
        return remotes.stream()
                .map(remote -> new StoredRemote(remote, List.of()))
                .toList();
    }

    private static <T, S> List<S> differences(
            List<T> before, List<T> after, Function<T, String> name, BiFunction<Optional<T>, Optional<T>, S> step) {
        Map<String, T> was = byName(before, name);
        Map<String, T> is = byName(after, name);
        Set<String> names = new LinkedHashSet<>(was.keySet());
        names.addAll(is.keySet());
        return names.stream()
                .filter(each -> !Objects.equals(was.get(each), is.get(each)))
                .map(each -> step.apply(Optional.ofNullable(was.get(each)), Optional.ofNullable(is.get(each))))
                .toList();
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        Map<String, T> byName = new LinkedHashMap<>();
        all.forEach(each -> byName.put(name.apply(each), each));
        return byName;
    }

    /** Returns the change that consists of these steps. Gateways do not change. */
    static ChangeResult of(List<Step> steps) {
        return of(List.of(), steps);
    }

    /** Returns the change that consists of these steps. */
    static ChangeResult of(List<GatewayStep> gateways, List<Step> steps) {
        Collector collector = new Collector();
        gateways.forEach(collector::add);
        steps.forEach(collector::add);
        return new ChangeResult(collector.added, collector.changed, collector.removed, gateways, steps);
    }

    private static final class Collector {
        private final List<Item> added = new ArrayList<>();
        private final List<Item> changed = new ArrayList<>();
        private final List<Item> removed = new ArrayList<>();

        void add(GatewayStep step) {
            List<Item> items = step.before.isEmpty() ? added : step.after.isEmpty() ? removed : changed;
            items.add(Item.ofGateway(step.gateway()));
        }

        void add(Step step) {
            String name = step.remote();
            Item remote = Item.ofRemote(name);
            if (step.before.isEmpty()) {
                added.add(remote);
            } else if (step.after.isEmpty()) {
                removed.add(remote);
            } else if (step.before.equals(step.after)
                    || !withoutParts(step.before.get()).equals(withoutParts(step.after.get()))) {
                changed.add(remote); // if both are equal, the tokens of a file have changed, which a step does not show
            }
            compare(
                    parts(step.before, RemoteDefinition::ports, PortDefinition::name),
                    parts(step.after, RemoteDefinition::ports, PortDefinition::name),
                    port -> Item.ofPort(name, port));
            compare(
                    parts(step.before, RemoteDefinition::hosts, HostDefinition::address),
                    parts(step.after, RemoteDefinition::hosts, HostDefinition::address),
                    host -> Item.ofHost(name, host));
        }

        private <T> void compare(Map<String, T> before, Map<String, T> after, Function<String, Item> item) {
            after.forEach((part, now) -> {
                T was = before.remove(part);
                if (was == null) {
                    added.add(item.apply(part));
                } else if (!was.equals(now)) {
                    changed.add(item.apply(part));
                }
            });
            before.keySet().forEach(part -> removed.add(item.apply(part)));
        }

        private static StoredRemote withoutParts(StoredRemote remote) {
            return new StoredRemote(remote.definition().withPorts(List.of()).withHosts(List.of()), remote.tokens());
        }

        private static <T> Map<String, T> parts(
                Optional<StoredRemote> remote, Function<RemoteDefinition, List<T>> all, Function<T, String> name) {
            Map<String, T> byName = new LinkedHashMap<>();
            remote.ifPresent(
                    there -> all.apply(there.definition()).forEach(part -> byName.put(name.apply(part), part)));
            return byName;
        }
    }
}
