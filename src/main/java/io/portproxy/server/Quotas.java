package io.portproxy.server;

import io.portproxy.net.LogFields;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.Route;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.usage.Quota;
import io.portproxy.usage.UsageKey;
import io.portproxy.usage.UsageTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor of quotas: compares the usage of remotes, ports and hosts with their quotas. When little of a quota is
 * left, it sends a warning. When a quota is used up, new users are refused and open connections are reset. Any thread.
 */
final class Quotas {
    private static final Logger log = LoggerFactory.getLogger(Quotas.class);

    /** The part of a quota, in percent, that is used when a warning is sent. */
    private static final int WARN_PERCENT = 80;

    private static final int MAX_TOLD = 10_000;

    private final Supplier<Collection<Remote>> remotes;
    private Map<UsageKey, Told> told = Map.of(); // by the owner of the quota
    private @Nullable UsageTotals totals; // null before the first check
    private boolean started; // the first remotes are there
    private boolean compared; // the usage was compared at least once since then
    private Instant lookedAt = Instant.EPOCH;
    private volatile Map<String, List<QuotaView>> views = Map.of();
    private volatile boolean any;

    /** The events about a quota that were already sent in the current hour, day or month. */
    private record Told(Quota quota, Instant resets, boolean warned, boolean usedUp) {}

    Quotas(Supplier<Collection<Remote>> remotes) {
        this.remotes = remotes;
    }

    /** Whether there are any quotas. */
    boolean isAny() {
        return any;
    }

    /** The use of the quotas of a remote, its ports and hosts, as of the last check. */
    List<QuotaView> of(String remote) {
        return views.getOrDefault(remote, List.of());
    }

    /** Compares the quotas with new totals. */
    synchronized void check(UsageTotals now, Instant time) {
        totals = now;
        lookedAt = time;
        check(time);
    }

    /** Compares the quotas again after the remotes have changed. */
    synchronized void changed() {
        started = true;
        check(totals == null ? Instant.now() : lookedAt);
    }

    private void check(Instant now) {
        Map<UsageKey, Told> next = new HashMap<>();
        told.entrySet().stream() // also for remotes that were removed, because they may be added again
                .filter(each -> each.getValue().resets().isAfter(now))
                .limit(MAX_TOLD)
                .forEach(each -> next.put(each.getKey(), each.getValue()));
        Map<String, List<QuotaView>> seen = new HashMap<>();
        boolean some = false;
        for (Remote remote : remotes.get()) {
            Optional<Quota> whole = remote.settings().quota();
            List<QuotaView> ofRemote = new ArrayList<>();
            boolean closed = whole.filter(quota -> isUsedUp(
                            remote, UsageTotals.ofRemote(remote.name()), Optional.empty(), quota, now, next, ofRemote))
                    .isPresent();
            some |= whole.isPresent();
            for (List<Route> routes : exposed(remote)) {
                Route route = routes.get(0);
                Optional<Quota> own = route.settings().quota();
                some |= own.isPresent();
                boolean usedUp = own.filter(quota -> isUsedUp(
                                remote,
                                new UsageKey(remote.name(), route.name()),
                                Optional.of(route.name()),
                                quota,
                                now,
                                next,
                                ofRemote))
                        .isPresent();
                close(remote, routes, closed || usedUp);
            }
            if (!ofRemote.isEmpty()) {
                seen.put(remote.name(), List.copyOf(ofRemote));
            }
        }
        told = next;
        views = Map.copyOf(seen);
        any = some;
        compared |= started && totals != null;
    }

    /** For each port and host: its current route, followed by its former routes. */
    private static List<List<Route>> exposed(Remote remote) {
        return Stream.concat(
                        remote.exposed().ports().stream().map(ExposedPort::routes),
                        remote.exposed().allHosted().stream().map(Hosted::routes))
                // a port may have changed to another remote just now
                .filter(routes -> routes.get(0).remoteName().equals(remote.name()))
                .toList();
    }

    private boolean isUsedUp(
            Remote remote,
            UsageKey whose,
            Optional<String> port,
            Quota quota,
            Instant now,
            Map<UsageKey, Told> next,
            List<QuotaView> seen) {
        UsageTotals known = totals;
        Instant resets = quota.per().end(now);
        if (known == null) { // before the first check the usage is not known
            seen.add(new QuotaView(port, quota, 0, resets));
            return false;
        }
        long used = known.bytes(whose, quota.per(), now);
        QuotaView view = new QuotaView(port, quota, used, resets);
        seen.add(view);
        Told before = told.get(whose);
        if (before == null) {
            // The process that stored this usage has already sent the events for it, if the quota existed at that time.
            // A remote of a template has the quota of the template, and may come only later.
            long old = !compared || remote.isOfTemplate() ? known.stored(whose, quota.per(), now) : 0;
            before = new Told(quota, resets, isLittleLeft(quota, old), old >= quota.bytes());
        } else if (!before.quota().equals(quota) || !before.resets().equals(resets)) {
            before = new Told(quota, resets, false, false);
        }
        boolean little = isLittleLeft(quota, used);
        if (view.isUsedUp() && !before.usedUp()) {
            tell(remote, Event.Type.QUOTA_EXCEEDED, view, "is used up");
        } else if (little && !before.warned()) {
            tell(remote, Event.Type.QUOTA_WARNING, view, "has reached " + WARN_PERCENT + " %");
        }
        next.put(whose, new Told(quota, resets, little || before.warned(), view.isUsedUp() || before.usedUp()));
        return view.isUsedUp();
    }

    private static boolean isLittleLeft(Quota quota, long used) {
        return used >= quota.bytes() / 100.0 * WARN_PERCENT;
    }

    private static void tell(Remote remote, Event.Type type, QuotaView view, String what) {
        String text = "the quota of " + view.quota().bytes() + " bytes per "
                + view.quota().per().key() + " " + what + ": " + view.used() + " bytes so far; it starts again at "
                + view.resets();
        remote.events().quota(type, view.port().orElse(""), text);
        LogFields.remote(remote.name())
                .andReason(type.key())
                .log(() -> log.warn(
                        "{} of remote {}: {}",
                        view.port().map(port -> "port " + port).orElse("all ports"),
                        remote.name(),
                        text));
    }

    /** Refuses users and resets open connections if the quota is used up; otherwise admits users again. */
    private static void close(Remote remote, List<Route> routes, boolean usedUp) {
        boolean changed = routes.get(0).useUp(usedUp);
        if (changed && usedUp) {
            remote.recheckWaiting();
        }
        if (usedUp) {
            routes.stream().filter(route -> route.streams().counts().live() > 0).forEach(remote.exposed()::cutStreams);
        }
    }
}
