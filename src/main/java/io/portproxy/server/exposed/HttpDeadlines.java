package io.portproxy.server.exposed;

import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times of one user connection: how long a request head that has begun may take, and how long a target until its answer begins. Has a
 * timer only while a head is in pieces, or while an answer that has a time is owed. On the loop.
 */
final class HttpDeadlines {
    /** Hears what is late. */
    interface Late {
        /** The user did not complete a head. Returns whether it had the chance: otherwise the time begins anew. */
        boolean headIsLate();

        /** The target did not begin its answer. */
        void answerIsLate();
    }

    private final EventLoop loop;
    private final HttpRequestRewriter rewriter;
    private final long headNanos;
    private final Optional<Duration> answerTime;
    private final Late late;
    private @Nullable Object head; // that has the timer
    private long answer = -1; // that has the timer
    private Timers.@Nullable Timer headTimer;
    private Timers.@Nullable Timer answerTimer;

    HttpDeadlines(
            EventLoop loop, HttpRequestRewriter rewriter, Duration headTime, Optional<Duration> answerTime, Late late) {
        this.loop = loop;
        this.rewriter = rewriter;
        this.headNanos = headTime.toNanos();
        this.answerTime = answerTime;
        this.late = late;
    }

    /** The user has sent something. */
    void userSpoke() {
        Object now = rewriter.unfinishedHead();
        if (now != head) {
            head = now;
            headTimer = restarted(headTimer, now == null ? 0 : headNanos, this::headIsLate);
        }
        targetSpoke();
    }

    /** The target has sent something. */
    void targetSpoke() {
        if (answerTime.isEmpty()) {
            return;
        }
        long now = rewriter.owedAnswer();
        if (now != answer) {
            answer = now;
            answerTimer = restarted(answerTimer, now < 0 ? 0 : answerTime.get().toNanos(), late::answerIsLate);
        }
    }

    private void headIsLate() {
        if (!late.headIsLate()) {
            headTimer = loop.timers().after(headNanos, this::headIsLate);
        }
    }

    private Timers.@Nullable Timer restarted(Timers.@Nullable Timer timer, long nanos, Runnable task) {
        if (timer != null) {
            timer.cancel();
        }
        return nanos == 0 ? null : loop.timers().after(nanos, task);
    }

    /** Nothing is waited for any more. */
    void stop() {
        headTimer = restarted(headTimer, 0, () -> {});
        answerTimer = restarted(answerTimer, 0, () -> {});
    }
}
