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
 * The InsCloseConnections of a classic server, which wait a short time before they are sent. The remote of the older
 * program gives up its whole tunnel if it gets one for a stream that it has just closed itself. That often happens,
 * because a user who has received everything tends to close at that moment. So if the peer's InsCloseConnection arrives
 * first, this side drops its own (protocol.md, section 1.4). The user has gone by then, so nobody waits for it.
 *
 * <p>Streams and held instructions together never exceed the tunnel's limit of streams. Above that limit, the oldest
 * held instructions are sent.
 *
 * <p>On the tunnel's loop.
 */
public final class HeldCloses {
    /** Longer than most round trips, and short enough for a target that waits for its end. */
    static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final EventLoop loop;
    private final LongConsumer send;
    // Identity to the time when it is sent, in the order of time.
    private final Map<Long, Long> due = new LinkedHashMap<>();
    private Timers.@Nullable Timer timer;

    /**
     * @param send sends the InsCloseConnection of an identity
     */
    public HeldCloses(EventLoop loop, LongConsumer send) {
        this.loop = loop;
        this.send = send;
    }

    /** Holds the InsCloseConnection of a stream, because this side of the stream has ended. */
    public void hold(long identity) {
        due.put(identity, loop.nanoTime() + HOLD_NANOS);
        if (timer == null) {
            sendLater(HOLD_NANOS);
        }
    }

    /** Drops the held instruction, because the peer's InsCloseConnection has come: the peer must not get one. */
    public void drop(long identity) {
        due.remove(identity);
    }

    public boolean isEmpty() {
        return due.isEmpty();
    }

    /** Sends the oldest instructions until at most {@code most} are held. */
    public void shrinkTo(int most) {
        Iterator<Long> oldest = due.keySet().iterator();
        while (due.size() > Math.max(0, most)) {
            long identity = oldest.next();
            oldest.remove();
            send.accept(identity);
        }
    }

    /** Drops all held instructions. Is called when the tunnel has ended. */
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
