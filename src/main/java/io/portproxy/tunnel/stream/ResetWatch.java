package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a socket that is not read just now has been reset by its other end. Java's selector takes a channel
 * without interest out of {@code epoll}, which then says nothing about it; with an interest in reading it would be ready
 * without end. So now and then, and for one look of the selector, it is given an interest in becoming connected: as it is
 * connected already, only an error can make it ready. On the loop.
 */
final class ResetWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The socket. */
    interface Owner {
        /** Whether it is connected, has no interest of its own, and has not sent its FIN, after which a FIN is an error. */
        boolean isUnwatched();

        void updateInterest();

        /** Looking has failed on a bug: nobody would notice a reset any more. */
        void abort();
    }

    private final EventLoop loop;
    private final Owner owner;
    private Timers.@Nullable Timer timer;
    private boolean looking;

    ResetWatch(EventLoop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /** Looks at intervals for as long as the owner is not watched by the selector. */
    void start() {
        if (timer == null) {
            timer = loop.timers().after(INTERVAL.toNanos(), this::look, owner::abort);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** What the socket's interest is to be just now. */
    int interest() {
        return looking ? SelectionKey.OP_CONNECT : 0;
    }

    private void look() {
        timer = null;
        if (!owner.isUnwatched()) {
            return;
        }
        looking = true;
        owner.updateInterest();
        // A task that is added now runs behind the next look of the selector.
        loop.executeUnlessEnded(() -> {
            looking = false;
            owner.updateInterest();
        });
    }
}
