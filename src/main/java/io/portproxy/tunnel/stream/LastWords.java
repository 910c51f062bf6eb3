package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time in which a socket that takes nothing any more is still read: what its other end sent before it reset the connection
 * lies in the operating system, and is relayed. That ends with the last of these bytes, or when none has left for a while, as
 * the peer takes no more of the stream. On the tunnel's loop.
 */
final class LastWords {
    private final EventLoop loop;
    private final Duration patience;
    private final LongSupplier relayed;
    private final Runnable over;
    private final Runnable onFailure;
    private Timers.Timer timer;

    /**
     * @param patience how long may pass without a byte
     * @param relayed how many bytes have been read from the socket
     * @param over ends the stream
     * @param onFailure ends it where that throws
     */
    LastWords(EventLoop loop, Duration patience, LongSupplier relayed, Runnable over, Runnable onFailure) {
        this.loop = loop;
        this.patience = patience;
        this.relayed = relayed;
        this.over = over;
        this.onFailure = onFailure;
        this.timer = look();
    }

    private Timers.Timer look() {
        long before = relayed.getAsLong();
        return loop.timers()
                .afterAwake(
                        patience.toNanos(),
                        () -> {
                            if (relayed.getAsLong() == before) {
                                over();
                            } else {
                                timer = look();
                            }
                        },
                        onFailure);
    }

    /** All has been relayed, or nobody wants the rest. */
    void over() {
        over.run();
    }

    /** The stream has ended. */
    void stop() {
        timer.cancel();
    }
}
