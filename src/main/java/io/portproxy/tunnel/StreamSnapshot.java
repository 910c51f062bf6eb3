package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import io.portproxy.tunnel.telemetry.StreamView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Collects views of all streams of a tunnel. In each turn of the tunnel's loop it handles only a part of them, so that
 * other work does not wait for long. On that loop.
 */
final class StreamSnapshot {
    /** The number of streams that one turn of the loop reads or closes. Traffic on that loop waits for them. */
    static final int SLICE = 512;

    private final TunnelStreams streams;
    private final CompletableFuture<List<StreamView>> answer;
    private final List<StreamView> views;
    private final Iterator<Stream> left;

    StreamSnapshot(TunnelStreams streams, CompletableFuture<List<StreamView>> answer) {
        this.streams = streams;
        this.answer = answer;
        List<Stream> all = streams.all();
        this.views = new ArrayList<>(all.size());
        this.left = all.iterator();
    }

    void start() {
        for (int n = SLICE; n > 0 && left.hasNext(); n--) {
            Stream stream = left.next();
            if (stream.isLive()) {
                views.add(streams.view(stream));
            }
        }
        if (!left.hasNext()) {
            answer.complete(views);
        } else if (answer.isDone() || !streams.loop().tryExecute(this::start)) {
            answer.completeExceptionally(new RejectedExecutionException("nobody waits for it any more"));
        }
    }
}
