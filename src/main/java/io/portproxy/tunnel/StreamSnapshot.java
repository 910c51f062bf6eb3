package io.portproxy.tunnel;

import io.portproxy.mux.Stream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Looks at all streams of a tunnel, a slice in each turn of its loop, so that it holds up nobody. On that loop. */
final class StreamSnapshot {
    private final Tunnel tunnel;
    private final CompletableFuture<List<StreamView>> answer;
    private final List<StreamView> views;
    private final Iterator<Stream> left;

    StreamSnapshot(Tunnel tunnel, CompletableFuture<List<StreamView>> answer) {
        this.tunnel = tunnel;
        this.answer = answer;
        List<Stream> streams = tunnel.session().streams();
        this.views = new ArrayList<>(streams.size());
        this.left = streams.iterator();
    }

    void start() {
        for (int n = TunnelHandle.SLICE; n > 0 && left.hasNext(); n--) {
            Stream stream = left.next();
            if (stream.isLive()) {
                views.add(((StreamSocket) stream.endpoint()).view());
            }
        }
        if (!left.hasNext()) {
            answer.complete(views);
        } else if (answer.isDone() || !tunnel.loop().tryExecute(this::start)) {
            answer.completeExceptionally(new RejectedExecutionException("nobody waits for it any more"));
        }
    }
}
