package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time in which a socket is still read although it takes no more bytes. Its other end has reset the connection, but
 * the bytes that it sent before are still in the operating system, and are relayed. This ends after the last of these
 * bytes. It also ends when no byte has left for a while, because the peer takes no more of the stream. On the tunnel's
 * loop.
 */
final class LastWords {
    private final EventLoop loop;
    private final Duration patience;
    private final LongSupplier relayed;
    private final Runnable over;
    private final Runnable onFailure;
    private Timers.Timer timer;

    /**
     * @param patience how long it waits without a byte
     * @param relayed returns how many bytes have been read from the socket
     * @param over ends the stream
     * @param onFailure ends the stream if {@code over} throws
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

    /** Ends the stream. All bytes have been relayed, or nobody wants the rest. */
    void over() {
        over.run();
    }

    /** Stops the timer, because the stream has ended. */
    void stop() {
        timer.cancel();
    }
}
