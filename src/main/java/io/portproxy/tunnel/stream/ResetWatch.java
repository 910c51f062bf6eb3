package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the other end has reset a socket that is not read at present. Java's selector removes a channel without
 * interest from {@code epoll}, and then reports nothing about it. With an interest in reading, the channel would be
 * ready all the time. So at intervals, and for one call of the selector, the socket gets an interest in connecting. It
 * is already connected, so only an error can make it ready. On the loop.
 */
final class ResetWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The socket. */
    interface Owner {
        /**
         * Returns whether it is connected, has no interest of its own, and has not sent its FIN. After it has sent a
         * FIN, a FIN of the other end would look like an error.
         */
        boolean isUnwatched();

        void updateInterest();

        /** Is called when a check has failed because of a bug: nothing else would detect a reset. */
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

    /** Checks at intervals, as long as the selector does not watch the owner. */
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

    /** Returns the interest that the socket needs for the check at present. */
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
        // A task that is added now runs after the next call of the selector.
        loop.executeUnlessEnded(() -> {
            looking = false;
            owner.updateInterest();
        });
    }
}
