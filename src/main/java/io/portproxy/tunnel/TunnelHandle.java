package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Reason;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * The door to a tunnel for those who watch and administer it. Any thread. What it answers later, it answers on the
 * tunnel's loop, or never, when that ends meanwhile: callers set a deadline, and do no work there.
 */
public final class TunnelHandle {
    /** Streams that are looked at, or closed, in one turn of the loop: what is relayed there waits for them. */
    static final int SLICE = 512;

    private final Tunnel tunnel;

    TunnelHandle(Tunnel tunnel) {
        this.tunnel = tunnel;
    }

    /** What the tunnel is like now. */
    public TunnelView view() {
        long roundTrip = tunnel.roundTripNanos();
        return new TunnelView(
                tunnel.peerAddress(),
                tunnel.dialect() == Dialect.EXTENDED ? "extended" : "classic",
                tunnel.security(),
                tunnel.since(),
                tunnel.streams().load(),
                roundTrip < 0 ? Optional.empty() : Optional.of(roundTrip),
                tunnel.streams().isAvailable(),
                tunnel.leaving(),
                tunnel.session().waiting());
    }

    /** The streams that there are in the beginning and are there still when it is their turn. */
    public CompletableFuture<List<StreamView>> streams() {
        CompletableFuture<List<StreamView>> answer = new CompletableFuture<>();
        run(answer, () -> new StreamSnapshot(tunnel, answer).start());
        return answer;
    }

    /** The stream with that identity; empty when there is none. */
    public CompletableFuture<Optional<StreamView>> stream(long identity) {
        CompletableFuture<Optional<StreamView>> answer = new CompletableFuture<>();
        run(
                answer,
                () -> answer.complete(tunnel.session().stream(identity)
                        .filter(Stream::isLive)
                        .map(stream -> ((StreamSocket) stream.endpoint()).view())));
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
        run(answer, () -> closeSome(left, 0, answer));
        return answer;
    }

    private void closeSome(ArrayDeque<Long> left, int before, CompletableFuture<Integer> answer) {
        int closed = before;
        for (int n = SLICE; n > 0 && !left.isEmpty(); n--) {
            if (tunnel.session().reset(left.remove(), Reason.CLOSED_BY_ADMINISTRATOR)) {
                closed++;
            }
        }
        int sofar = closed;
        if (left.isEmpty()) {
            answer.complete(sofar);
        } else {
            run(answer, () -> closeSome(left, sofar, answer));
        }
    }

    /** Ends the tunnel, because an administrator says so. Does nothing when it has ended. */
    public void disconnect() {
        tunnel.loop()
                .executeUnlessEnded(() ->
                        tunnel.dismiss(Reason.CLOSED_BY_ADMINISTRATOR, "an administrator has disconnected the remote"));
    }

    private void run(CompletableFuture<?> answer, Runnable task) {
        if (!tunnel.loop().tryExecute(task)) {
            answer.completeExceptionally(new RejectedExecutionException(tunnel.loop() + " takes no task"));
        }
    }
}
