package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import io.portproxy.server.exposed.Route;
import io.portproxy.server.exposed.UserConnection;
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
 * Users of one remote who wait until it is back. Their connections are not read meanwhile, so a user who has sent
 * something and then leaves is not noticed. On the remote's loop.
 */
final class HeldUsers {
    private static final Logger log = LoggerFactory.getLogger(HeldUsers.class);

    /** Who has them. */
    interface Owner {
        /** The remote is back. */
        void serve(UserConnection user, Route route);

        /** Whether a user would be let in now, and be led where it wanted to go when it came. */
        boolean mayWait(UserConnection user, Route route);

        /** The remote is not back in time, or the user may not wait any more. */
        void refuseHeld(UserConnection user, Route route);
    }

    private final EventLoop loop;
    private final HeldRoom room;
    private final Owner owner;
    private final Set<Held> waiting = new LinkedHashSet<>(); // in the order in which they came

    HeldUsers(EventLoop loop, HeldRoom room, Owner owner) {
        this.loop = loop;
        this.room = room;
        this.owner = owner;
    }

    /** Has a user wait. Returns whether it does; otherwise too many wait already, and it is as it was. */
    boolean hold(UserConnection user, Route route, Duration time) {
        if (!room.take()) {
            return false;
        }
        Held held = new Held(user, route);
        waiting.add(held);
        held.start(time);
        return true;
    }

    /** The remote is back: each is served, in the order in which they came. */
    void serve() {
        for (Held held : List.copyOf(waiting)) {
            if (held.isOver()) {
                owner.serve(held.user, held.route);
            }
        }
    }

    /** The remote will not be back: each is refused. */
    void refuse() {
        for (Held held : List.copyOf(waiting)) {
            if (held.isOver()) {
                owner.refuseHeld(held.user, held.route);
            }
        }
    }

    /** Something has changed: who may not wait any more is refused. */
    void recheck() {
        for (Held held : List.copyOf(waiting)) {
            if (!owner.mayWait(held.user, held.route) && held.isOver()) {
                owner.refuseHeld(held.user, held.route);
            }
        }
    }

    /** One user who waits. */
    private final class Held implements ReadyHandler {
        private final UserConnection user;
        private final Route route;
        private Timers.@Nullable Timer timer;
        private @Nullable SelectionKey key;

        Held(UserConnection user, Route route) {
            this.user = user;
            this.route = route;
        }

        void start(Duration time) {
            timer = loop.timers().after(time.toNanos(), this::late, this::abort);
            try {
                key = loop.register(user.transport().socket(), SelectionKey.OP_READ, this);
            } catch (IOException e) {
                log.debug("user {} was gone before it could wait", user.userText(), e);
                abort();
            }
        }

        /** It does not wait any more. Returns whether it did. */
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

        /** It has sent something, which stays where it is; or it is gone. */
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
