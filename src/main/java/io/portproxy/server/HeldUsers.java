package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.user.IncomingConnection;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of one remote who wait until it is back. Their connections are not read meanwhile. So if a user sends
 * something and then leaves, the server does not notice. On the remote's loop.
 */
final class HeldUsers {
    private static final Logger log = LoggerFactory.getLogger(HeldUsers.class);

    /** The owner of the users, who decides about them. */
    interface Owner {
        /** Takes a user, because the remote is back. */
        void serve(IncomingConnection user, Route route);

        /** Whether the user would be admitted now, and the route still leads where it led when the user connected. */
        boolean mayWait(IncomingConnection user, Route route);

        /** Refuses a user, because the remote is not back in time, or because the user may not wait any longer. */
        void refuseHeld(IncomingConnection user, Route route);
    }

    private final EventLoop loop;
    private final HeldRoom room;
    private final Owner owner;
    private final Set<Held> waiting = new LinkedHashSet<>(); // in the order in which they connected

    HeldUsers(EventLoop loop, HeldRoom room, Owner owner) {
        this.loop = loop;
        this.room = room;
        this.owner = owner;
    }

    /**
     * Lets a user wait.
     *
     * @param time how long the user may wait
     * @return whether the user waits; otherwise too many users wait already, and the connection is unchanged
     */
    boolean hold(IncomingConnection user, Route route, Duration time) {
        if (!room.take()) {
            return false;
        }
        Held held = new Held(user, route);
        waiting.add(held);
        held.start(time);
        return true;
    }

    /** Gives all users to the owner, in the order in which they connected, because the remote is back. */
    void serve() {
        for (Held held : List.copyOf(waiting)) {
            if (held.isOver()) {
                owner.serve(held.user, held.route);
            }
        }
    }

    /** Refuses all users, because the remote will not come back. */
    void refuse() {
        for (Held held : List.copyOf(waiting)) {
            if (held.isOver()) {
                owner.refuseHeld(held.user, held.route);
            }
        }
    }

    /** Refuses the users who may not wait any longer, after a change. */
    void recheck() {
        for (Held held : List.copyOf(waiting)) {
            if (!owner.mayWait(held.user, held.route) && held.isOver()) {
                owner.refuseHeld(held.user, held.route);
            }
        }
    }

    /** One user who waits. */
    private final class Held implements ReadyHandler {
        private final IncomingConnection user;
        private final Route route;
        private Timers.@Nullable Timer timer;
        private @Nullable SelectionKey key;

        Held(IncomingConnection user, Route route) {
            this.user = user;
            this.route = route;
        }

        void start(Duration time) {
            timer = loop.timers().after(time.toNanos(), this::late, this::abort);
            try {
                key = loop.register(user.transport().socket(), SelectionKey.OP_READ, this);
            } catch (IOException e) {
                log.debug("user {} was gone before it could wait", user.addressText(), e);
                abort();
            }
        }

        /** Ends the wait. Returns whether the user was waiting. */
        boolean isOver() {
            if (!waiting.remove(this)) {
                return false;
            }
            if (timer != null) {
                timer.cancel();
            }
            if (key != null && key.isValid()) {
                key.interestOps(0);
            }
            room.giveBack();
            return true;
        }

        private void late() {
            if (isOver()) {
                owner.refuseHeld(user, route);
            }
        }

        /** Is called when the user has sent something, which stays unread, or has left. */
        @Override
        public void ready(int readyOps) {
            if (Sockets.mayHaveUnread(user.transport().socket())) {
                if (key != null) {
                    key.interestOps(0);
                }
            } else {
                abort();
            }
        }

        @Override
        public void abort() {
            if (isOver()) {
                user.terms().ended();
                user.reset();
            }
        }
    }
}
