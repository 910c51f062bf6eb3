package io.portproxy.server.exposed.user;

import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one user's connection: how long a request head may take once it has begun, and how long a target may
 * take until its answer begins. There is a timer only while a head is incomplete, or while an answer with a deadline is
 * due. On the loop.
 */
final class HttpDeadlines {
    /** The receiver of deadlines that have passed. */
    interface Late {
        /**
         * The user did not complete a head in time. Returns false if the user could not, because the server did not
         * read; then the time starts again.
         */
        boolean headIsLate();

        /** The target did not begin its answer in time. */
        void answerIsLate();
    }

    private final EventLoop loop;
    private final HttpRequestRewriter rewriter;
    private final long headNanos;
    private final Optional<Duration> answerTime;
    private final Late late;
    private @Nullable Object head; // the head that the timer is for
    private long answer = -1; // the answer that the timer is for
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

    /** Updates the timers after the user has sent something. */
    void userSpoke() {
        Object now = rewriter.unfinishedHead();
        if (now != head) {
            head = now;
            headTimer = restarted(headTimer, now == null ? 0 : headNanos, this::headIsLate);
        }
        targetSpoke();
    }

    /** Updates the timer after the target has sent something. */
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

    /** Cancels the timers. */
    void stop() {
        headTimer = restarted(headTimer, 0, () -> {});
        answerTimer = restarted(answerTimer, 0, () -> {});
    }
}
