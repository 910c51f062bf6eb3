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
 * The door to a tunnel for those who watch and administer it. Any thread. What it answers later, it answers on the
 * tunnel's loop, or never, when that ends meanwhile: callers set a deadline, and do no work there.
 */
public final class TunnelHandle {
    private final TunnelStreams streams;
    private final Supplier<TunnelView> view;
    private final Runnable disconnect;

    /**
     * @param view what the tunnel is like now; any thread
     * @param disconnect ends it, on its loop
     */
    TunnelHandle(TunnelStreams streams, Supplier<TunnelView> view, Runnable disconnect) {
        this.streams = streams;
        this.view = view;
        this.disconnect = disconnect;
    }

    /** What the tunnel is like now. */
    public TunnelView view() {
        return view.get();
    }

    /** The streams that there are in the beginning and are there still when it is their turn. */
    public CompletableFuture<List<StreamView>> streams() {
        CompletableFuture<List<StreamView>> answer = new CompletableFuture<>();
        run(answer, () -> new StreamSnapshot(streams, answer).start());
        return answer;
    }

    /** The stream with that identity; empty when there is none. */
    public CompletableFuture<Optional<StreamView>> stream(long identity) {
        CompletableFuture<Optional<StreamView>> answer = new CompletableFuture<>();
        run(
                answer,
                () -> answer.complete(
                        streams.find(identity).filter(Stream::isLive).map(streams::view)));
        return answer;
    }

    /**
     * Resets streams at both of their ends, because an administrator says so.
     *
     * @return how many there were
     */
    public CompletableFuture<Integer> closeStreams(Collection<Long> identities) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        ArrayDeque<Long> left = new ArrayDeque<>(identities);
        run(answer, () -> closeSome(left, 0, Reason.CLOSED_BY_ADMINISTRATOR, answer));
        return answer;
    }

    /**
     * Resets the streams at both of their ends that are counted at certain places and are of certain users.
     *
     * @param reason why, as the peer and who watches are told
     * @param which gets where a stream is counted, and the user's address; on the tunnel's loop
     * @return how many there were
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

    /** What bounds its streams may have changed: they look, soon. */
    public void termsChanged() {
        streams.loop().executeUnlessEnded(streams::termsChanged);
    }

    /** Ends the tunnel, because an administrator says so. Does nothing when it has ended. */
    public void disconnect() {
        streams.loop().executeUnlessEnded(disconnect);
    }

    private void run(CompletableFuture<?> answer, Runnable task) {
        if (!streams.loop().tryExecute(task)) {
            answer.completeExceptionally(new RejectedExecutionException(streams.loop() + " takes no task"));
        }
    }
}
