package io.portproxy.tunnel.telemetry;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;

/** When things happened to one stream; tells its totals how long they took. On the tunnel's loop. */
final class StreamTimes {
    private final EventLoop loop;
    private final DelayTotals totals;
    private final long begunAt;
    private long activeAt; // when bytes were last read or came
    private long windowFullAt;
    private long waitsAt; // since when it waits for its turn
    private boolean opened;
    private boolean answered;
    private boolean windowFull;

    /**
     * @param begunAt when the user connected, or the peer asked for the stream
     */
    StreamTimes(EventLoop loop, DelayTotals totals, long begunAt) {
        this.loop = loop;
        this.totals = totals;
        this.begunAt = begunAt;
        this.activeAt = begunAt;
    }

    /** The target is there. What is known already is not counted again. */
    void opened() {
        if (!opened) {
            opened = true;
            totals.opened(loop.nanoTime() - begunAt);
        }
    }

    /** The target's bytes come. */
    void answered() {
        if (!answered) {
            answered = true;
            opened(); // all that there is to know it by in the classic dialect
            totals.firstByte(loop.nanoTime() - begunAt);
        }
    }

    /** Bytes are moved. */
    void active() {
        activeAt = loop.turnNanos();
    }

    /** The peer takes no more for now. */
    void windowFull() {
        if (!windowFull) {
            windowFull = true;
            windowFullAt = loop.turnNanos();
            totals.windowStalled();
        }
    }

    /** The peer takes more, or nothing is sent to it any more. */
    void windowOpen() {
        if (windowFull) {
            windowFull = false;
            totals.windowStallOver(loop.turnNanos() - windowFullAt);
        }
    }

    /** The stream waits for its turn at the tunnel from now on. */
    void waits() {
        waitsAt = loop.turnNanos();
    }

    /** The stream is over. */
    void ended(Reason reason) {
        windowOpen();
        if (!opened) {
            opened = true;
            totals.notOpened(reason);
        }
    }

    /** Whether the target was there. Before the end. */
    boolean hasOpened() {
        return opened;
    }

    long begunAt() {
        return begunAt;
    }

    long activeAt() {
        return activeAt;
    }

    /** Since when the window is full, while it is. */
    long windowFullAt() {
        return windowFullAt;
    }

    /** Since when the stream waits for its turn, while it does. */
    long waitsAt() {
        return waitsAt;
    }
}
