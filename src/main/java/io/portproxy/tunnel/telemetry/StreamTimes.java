package io.portproxy.tunnel.telemetry;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;

/** The times of one stream. It adds the delays to the totals. On the tunnel's loop. */
final class StreamTimes {
    private final EventLoop loop;
    private final DelayTotals totals;
    private final long begunAt;
    private long activeAt; // when bytes were last read or received
    private long windowFullAt;
    private long waitsAt; // when it began to wait for its turn
    private boolean opened;
    private boolean answered;
    private boolean windowFull;

    /**
     * @param begunAt when the user connected, or when the peer asked for the stream
     */
    StreamTimes(EventLoop loop, DelayTotals totals, long begunAt) {
        this.loop = loop;
        this.totals = totals;
        this.begunAt = begunAt;
        this.activeAt = begunAt;
    }

    /** Is called when the target is connected. Only the first call counts. */
    void opened() {
        if (!opened) {
            opened = true;
            totals.opened(loop.nanoTime() - begunAt);
        }
    }

    /** Is called when bytes from the target come. Only the first call counts. */
    void answered() {
        if (!answered) {
            answered = true;
            opened(); // in the classic dialect, the first byte is the only sign of it
            totals.firstByte(loop.nanoTime() - begunAt);
        }
    }

    /** Notes that bytes are moved. */
    void active() {
        activeAt = loop.turnNanos();
    }

    /** Is called when the peer takes no more bytes for now. */
    void windowFull() {
        if (!windowFull) {
            windowFull = true;
            windowFullAt = loop.turnNanos();
            totals.windowStalled();
        }
    }

    /** Is called when the peer takes more bytes, or when nothing more is sent to it. */
    void windowOpen() {
        if (windowFull) {
            windowFull = false;
            totals.windowStallOver(loop.turnNanos() - windowFullAt);
        }
    }

    /** Notes that the stream begins to wait for its turn at the tunnel. */
    void waits() {
        waitsAt = loop.turnNanos();
    }

    /** Is called when the stream is over. */
    void ended(Reason reason) {
        windowOpen();
        if (!opened) {
            opened = true;
            totals.notOpened(reason);
        }
    }

    /** Returns whether the target was connected. Is valid only before the end. */
    boolean hasOpened() {
        return opened;
    }

    long begunAt() {
        return begunAt;
    }

    long activeAt() {
        return activeAt;
    }

    /** Returns when the window became full, if it is full. */
    long windowFullAt() {
        return windowFullAt;
    }

    /** Returns when the stream began to wait for its turn, if it waits. */
    long waitsAt() {
        return waitsAt;
    }
}
