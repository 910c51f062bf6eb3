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
 * Compares usage with the quotas of remotes, ports and hosts. It warns when little is left. When a quota is used up,
 * new users are refused and open connections are reset. Any thread.
 */
final class Quotas {
    private static final Logger log = LoggerFactory.getLogger(Quotas.class);

    /** Of a quota, in percent: then somebody is told. */
    private static final int WARN_PERCENT = 80;

    private static final int MAX_TOLD = 10_000;

    private final Supplier<Collection<Remote>> remotes;
    private Map<UsageKey, Told> told = Map.of(); // by whose quota
    private @Nullable UsageTotals totals; // known after the first look
    private boolean started; // there are remotes
    private boolean compared; // with the totals, since then
    private Instant lookedAt = Instant.EPOCH;
    private volatile Map<String, List<QuotaView>> views = Map.of();
    private volatile boolean any;

    /** What was told of a quota in an hour, day or month. */
    private record Told(Quota quota, Instant resets, boolean warned, boolean usedUp) {}

    Quotas(Supplier<Collection<Remote>> remotes) {
        this.remotes = remotes;
    }

    /** Whether there are any. */
    boolean isAny() {
        return any;
    }

    /** What the quotas of a remote, its ports and hosts have come to, as seen at the last look. */
    List<QuotaView> of(String remote) {
        return views.getOrDefault(remote, List.of());
    }

    /** Something has passed, or nothing. */
    synchronized void check(UsageTotals now, Instant time) {
        totals = now;
        lookedAt = time;
        check(time);
    }

    /** Remotes were changed: what is new is compared with what is known already. */
    synchronized void changed() {
        started = true;
        check(totals == null ? Instant.now() : lookedAt);
    }

    private void check(Instant now) {
        Map<UsageKey, Told> next = new HashMap<>();
        told.entrySet().stream() // also of what is gone, and may be added again
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

    /** Of each port and host the route that it has, and behind it those that it had. */
    private static List<List<Route>> exposed(Remote remote) {
        return Stream.concat(
                        remote.ports().stream().map(ExposedPort::routes),
                        remote.allHosted().stream().map(Hosted::routes))
                .filter(routes ->
                        routes.get(0).remoteName().equals(remote.name())) // a port may have another one just now
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
        if (known == null) { // before the first look nothing can be said
            seen.add(new QuotaView(port, quota, 0, resets));
            return false;
        }
        long used = known.bytes(whose, quota.per(), now);
        QuotaView view = new QuotaView(port, quota, used, resets);
        seen.add(view);
        Told before = told.get(whose);
        if (before == null) {
            // What was in the store at the start was told by the process that put it there, if the quota was there,
            // too:
            // a remote of a template has the template's, and may only come later.
            long old = !compared || remote.isOfTemplate() ? known.stored(whose, quota.per(), now) : 0;
            before = new Told(quota, resets, isLittleLeft(quota, old), old >= quota.bytes());
        } else if (!before.quota().equals(quota) || !before.resets().equals(resets)) {
            before = new Told(quota, resets, false, false);
        }
        boolean little = isLittleLeft(quota, used);
        if (view.isUsedUp() && !before.usedUp()) {
            tell(remote, Event.Type.QUOTA_EXCEEDED, view, "is used up");
        } else if (little && !before.warned()) {
            tell(remote, Event.Type.QUOTA_WARNING, view, "is used to " + WARN_PERCENT + " %");
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

    /** Users are refused from now on, and those that there are reset; or they are let in again. */
    private static void close(Remote remote, List<Route> routes, boolean usedUp) {
        boolean changed = routes.get(0).useUp(usedUp);
        if (changed && usedUp) {
            remote.recheckWaiting();
        }
        if (usedUp) {
            routes.stream().filter(route -> route.counts().live() > 0).forEach(remote::cutStreams);
        }
    }
}
