package io.portproxy.server;

import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.tunnel.telemetry.StreamCounts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The counters of what remotes ask for, and of what they get. Any thread. */
final class GrantMeter {
    private final GrantTotals totals = new GrantTotals();
    private final LongAdder granted = new LongAdder();
    private final Map<ExposeRefusal, LongAdder> refused = new EnumMap<>(ExposeRefusal.class);

    GrantMeter() {
        for (ExposeRefusal reason : ExposeRefusal.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /** Counts a request that was granted. */
    void granted() {
        granted.increment();
    }

    /** Counts a request that was refused. */
    void refused(ExposeRefusal reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
    }

    /** The counts of closed ports and hosts by owner: a remote with an entry of its own, or a template. */
    GrantTotals totals() {
        return totals;
    }

    /**
     * Returns all counts.
     *
     * @param templates the current templates
     * @param all the current remotes
     * @param remotesRefused how many remotes of templates were refused
     */
    GrantCounts counts(Collection<RemoteSettings> templates, Collection<Remote> all, long remotesRefused) {
        Map<String, Long> byKey = new TreeMap<>();
        refused.forEach((reason, count) -> {
            if (count.sum() > 0) {
                byKey.put(reason.key(), count.sum());
            }
        });
        Map<String, List<Remote>> byOwner = new LinkedHashMap<>();
        templates.forEach(template -> byOwner.put(template.name(), new ArrayList<>()));
        all.stream()
                .filter(remote -> remote.settings().grant().isPresent())
                .forEach(remote -> byOwner.computeIfAbsent(remote.grantedBy(), name -> new ArrayList<>())
                        .add(remote));
        return new GrantCounts(
                granted.sum(),
                byKey,
                remotesRefused,
                byOwner.entrySet().stream()
                        .map(owner -> count(owner.getKey(), owner.getValue()))
                        .toList());
    }

    private static int kept(Collection<? extends Granted> things) {
        return (int) things.stream().filter(one -> !one.isWanted()).count();
    }

    private GrantCounts.Owner count(String owner, List<Remote> itsRemotes) {
        List<Remote> ofTemplate =
                itsRemotes.stream().filter(Remote::isOfTemplate).toList();
        List<GrantedPort> ports = itsRemotes.stream()
                .flatMap(remote -> remote.exposed().granted().stream())
                .toList();
        List<GrantedHost> ofHosts = itsRemotes.stream()
                .flatMap(remote -> remote.exposed().grantedHosts().stream())
                .toList();
        // first: what is taken back meanwhile is counted by a later call, and not twice
        StreamCounts closed = totals.closedOf(owner);
        Stream<StreamCounts> open = Stream.<Granted>concat(ports.stream(), ofHosts.stream())
                .map(one -> one.route().streams().counts());
        return new GrantCounts.Owner(
                owner,
                ofTemplate.size(),
                ofTemplate.stream()
                        .mapToInt(remote -> remote.tunnels().handles().size())
                        .sum(),
                ports.size(),
                kept(ports),
                ofHosts.size(),
                kept(ofHosts),
                StreamCounts.sumOf(Stream.concat(Stream.of(closed), open).toList()));
    }
}
