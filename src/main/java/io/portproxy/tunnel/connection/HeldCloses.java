package io.portproxy.tunnel.connection;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A classic server's InsCloseConnections, which wait a moment before they are sent. The older program's remote gives its
 * whole tunnel up when it gets one for a stream that it has just closed itself, and a user who has got everything tends to close
 * just then. So one of ours is dropped when theirs comes first (protocol.md, section 1.4). The user has gone by then, and nobody
 * waits.
 *
 * <p>Streams and held ones together are at most as many as a tunnel may have streams; above that the oldest are sent.
 *
 * <p>On the tunnel's loop.
 */
public final class HeldCloses {
    /** Longer than most round trips, and short enough for a target that waits for its end. */
    static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final EventLoop loop;
    private final LongConsumer send;
    private final Map<Long, Long> due = new LinkedHashMap<>(); // identity to when it is sent, in the order of these
    private Timers.@Nullable Timer timer;

    /**
     * @param send sends the InsCloseConnection of an identity
     */
    public HeldCloses(EventLoop loop, LongConsumer send) {
        this.loop = loop;
        this.send = send;
    }

    /** Our side of a stream has ended. */
    public void hold(long identity) {
        due.put(identity, loop.nanoTime() + HOLD_NANOS);
        if (timer == null) {
            sendLater(HOLD_NANOS);
        }
    }

    /** The peer's InsCloseConnection has come, so that it must not get one. */
    public void drop(long identity) {
        due.remove(identity);
    }

    public boolean isEmpty() {
        return due.isEmpty();
    }

    /** Sends the oldest until there are at most so many. */
    public void shrinkTo(int most) {
        Iterator<Long> oldest = due.keySet().iterator();
        while (due.size() > Math.max(0, most)) {
            long identity = oldest.next();
            oldest.remove();
            send.accept(identity);
        }
    }

    /** The tunnel has ended. */
    public void stop() {
        due.clear();
        if (timer != null) {
            timer.cancel();
        }
    }

    private void sendLater(long nanos) {
        timer = loop.timers().after(nanos, this::sendDue);
    }

    private void sendDue() {
        timer = null;
        long now = loop.nanoTime();
        Iterator<Map.Entry<Long, Long>> oldest = due.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Long, Long> next = oldest.next();
            long left = next.getValue() - now;
            if (left > 0) {
                sendLater(left);
                return;
            }
            oldest.remove();
            send.accept(next.getKey());
        }
    }
}
