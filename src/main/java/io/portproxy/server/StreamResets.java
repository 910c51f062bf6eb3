package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import io.portproxy.server.exposed.Route;
import io.portproxy.tunnel.TunnelHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The resets of streams of a remote's routes, in all of its tunnels. Any thread. */
final class StreamResets {
    /** The time until the next attempt when the loop of a tunnel takes no task. */
    private static final Duration RETRY_TIME = Duration.ofMillis(200);

    private final EventLoop clock;
    private final Supplier<List<TunnelHandle>> tunnels;

    /** @param tunnels the tunnels that have streams at the moment */
    StreamResets(EventLoop clock, Supplier<List<TunnelHandle>> tunnels) {
        this.clock = clock;
        this.tunnels = tunnels;
    }

    /**
     * Lets the streams of a route end, and resets those that are left after the drain time.
     *
     * @param drain how long the streams may continue
     * @param whose selects the users by address; the address may not be known
     */
    void after(Duration drain, Route route, Predicate<Optional<String>> whose) {
        clock.executeUnlessEnded(() ->
                clock.timers().after(drain.toNanos(), () -> reset(route, Reason.CLOSED_BY_ADMINISTRATOR, whose)));
    }

    /** Resets all streams of a route. */
    void now(Route route, Reason reason) {
        reset(route, reason, user -> true);
    }

    private void reset(Route route, Reason reason, Predicate<Optional<String>> whose) {
        CompletableFuture<?>[] all = tunnels.get().stream()
                .map(tunnel -> tunnel.closeStreams(
                        reason, (where, user) -> route.streams().has(where) && whose.test(user)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(all).whenComplete((nothing, failure) -> {
            if (failure != null) {
                clock.executeUnlessEnded(
                        () -> clock.timers().after(RETRY_TIME.toNanos(), () -> reset(route, reason, whose)));
            }
        });
    }
}
