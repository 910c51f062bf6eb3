package io.portproxy.tunnel.stream;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Ends a stream that carries no byte for too long, or that lasts too long. On the tunnel's loop. */
final class StreamClock {
    private final EventLoop loop;
    private final long idleNanos;
    private final long durationNanos;
    private final long begunAt;
    private final BiConsumer<Reason, String> end;
    private final Runnable onFailure;
    private long activeAt;
    private Timers.Timer timer;

    /**
     * @param end ends the stream; gets the reason and a text
     * @param onFailure is called after a bug
     */
    StreamClock(EventLoop loop, StreamBounds bounds, long begunAt, BiConsumer<Reason, String> end, Runnable onFailure) {
        this.loop = loop;
        this.idleNanos = bounds.idleNanos();
        this.durationNanos = bounds.durationNanos();
        this.begunAt = begunAt;
        this.end = end;
        this.onFailure = onFailure;
        this.activeAt = loop.turnNanos();
        this.timer = sleep(loop.nanoTime());
    }

    /** Notes that a byte has passed. */
    void active() {
        activeAt = loop.turnNanos();
    }

    private Timers.Timer sleep(long now) {
        long idle = idleNanos == 0 ? Long.MAX_VALUE : activeAt + idleNanos - now;
        long duration = durationNanos == 0 ? Long.MAX_VALUE : begunAt + durationNanos - now;
        return loop.timers().afterAwake(Math.max(0, Math.min(idle, duration)), this::look, onFailure);
    }

    private void look() {
        long now = loop.nanoTime();
        if (durationNanos > 0 && now - begunAt >= durationNanos) {
            end.accept(Reason.LIMIT, "open for max-duration, " + text(durationNanos));
        } else if (idleNanos > 0 && now - activeAt >= idleNanos) {
            end.accept(Reason.IDLE_TIMEOUT, "no byte in either direction for " + text(idleNanos));
        } else {
            timer = sleep(now);
        }
    }

    private static String text(long nanos) {
        return Durations.text(Duration.ofNanos(nanos));
    }

    void stop() {
        timer.cancel();
    }
}
