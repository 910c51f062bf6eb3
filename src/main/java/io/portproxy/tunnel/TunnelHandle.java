package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.StreamView;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Access to a tunnel for other threads, which show or administer it. Any thread. Futures complete on the tunnel's loop,
 * so their callbacks must do no work there. If the loop ends first, they never complete, so callers set a deadline.
 */
public final class TunnelHandle {
    private final TunnelStreams streams;
    private final Supplier<TunnelView> view;
    private final Runnable disconnect;

    /**
     * @param view returns the current state of the tunnel; any thread
     * @param disconnect ends the tunnel, on its loop
     */
    TunnelHandle(TunnelStreams streams, Supplier<TunnelView> view, Runnable disconnect) {
        this.streams = streams;
        this.view = view;
        this.disconnect = disconnect;
    }

    /** Returns the current state of the tunnel. */
    public TunnelView view() {
        return view.get();
    }

    /** Returns the streams that exist at the time of the call and still exist when the loop reaches them. */
    public CompletableFuture<List<StreamView>> streams() {
        CompletableFuture<List<StreamView>> answer = new CompletableFuture<>();
        run(answer, () -> new StreamSnapshot(streams, answer).start());
        return answer;
    }

    /** Returns the stream with that identity; empty if there is none. */
    public CompletableFuture<Optional<StreamView>> stream(long identity) {
        CompletableFuture<Optional<StreamView>> answer = new CompletableFuture<>();
        run(
                answer,
                () -> answer.complete(
                        streams.find(identity).filter(Stream::isLive).map(streams::view)));
        return answer;
    }

    /**
     * Resets streams at both ends, with the reason that an administrator asked for it.
     *
     * @return how many streams were reset
     */
    public CompletableFuture<Integer> closeStreams(Collection<Long> identities) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        ArrayDeque<Long> left = new ArrayDeque<>(identities);
        run(answer, () -> closeSome(left, 0, Reason.CLOSED_BY_ADMINISTRATOR, answer));
        return answer;
    }

    /**
     * Resets, at both ends, the streams that a condition selects.
     *
     * @param reason the reason that the peer and observers get
     * @param which the condition; it gets the totals that count the stream, and the user's address; on the tunnel's
     *     loop
     * @return how many streams were reset
     */
    public CompletableFuture<Integer> closeStreams(Reason reason, BiPredicate<StreamTotals, Optional<String>> which) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        run(answer, () -> closeSome(streams.find(which), 0, reason, answer));
        return answer;
    }

    private void closeSome(ArrayDeque<Long> left, int before, Reason reason, CompletableFuture<Integer> answer) {
        int closed = before;
        for (int n = StreamSnapshot.SLICE; n > 0 && !left.isEmpty(); n--) {
            if (streams.close(left.remove(), reason)) {
                closed++;
            }
        }
        int sofar = closed;
        if (left.isEmpty()) {
            answer.complete(sofar);
        } else {
            run(answer, () -> closeSome(left, sofar, reason, answer));
        }
    }

    /** Reports that the limits of the streams may have changed. Each stream checks them soon. */
    public void termsChanged() {
        streams.loop().executeUnlessEnded(streams::termsChanged);
    }

    /** Ends the tunnel, with the reason that an administrator asked for it. Does nothing if the tunnel has ended. */
    public void disconnect() {
        streams.loop().executeUnlessEnded(disconnect);
    }

    private void run(CompletableFuture<?> answer, Runnable task) {
        if (!streams.loop().tryExecute(task)) {
            answer.completeExceptionally(new RejectedExecutionException(streams.loop() + " takes no task"));
        }
    }
}
