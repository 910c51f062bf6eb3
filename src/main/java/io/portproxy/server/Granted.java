package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.Route;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A port or host that a remote has asked for and got, with the requests that ask for it. On the thread of {@link GrantThread},
 * unless a method says otherwise.
 */
abstract class Granted {
    private final EventLoop clock;
    private final Set<Asker> askers = new LinkedHashSet<>();
    private volatile boolean wanted = true; // volatile, because other threads read it
    private @Nullable Future<?> expiry;
    private long leftAt; // when the last asker left, on the clock of the loops

    Granted(EventLoop clock) {
        this.clock = clock;
    }

    /** The current route of its users. Any thread. */
    abstract Route route();

    /** The current route and the former routes whose streams may continue. Any thread. */
    abstract Collection<Route> routes();

    /** What users connect to, as text for people. Any thread. */
    abstract String bound();

    Set<Asker> askers() {
        return Set.copyOf(askers);
    }

    /** Whether a tunnel is up in which the remote asked for it; otherwise it is only kept for the remote. Any thread. */
    boolean isWanted() {
        return wanted;
    }

    void add(Asker asker) {
        askers.add(asker);
        wanted = true;
        keep(null);
    }

    /** Removes the askers that match. Returns whether the last asker was among them. */
    boolean remove(Predicate<Asker> gone) {
        boolean removed = askers.removeIf(gone);
        boolean left = removed && askers.isEmpty();
        if (left) {
            wanted = false;
            leftAt = clock.nanoTime();
        }
        return left;
    }

    /** Sets the task that ends the time for which it is kept, and cancels the task before; null for no task. */
    void keep(@Nullable Future<?> until) {
        if (expiry != null) {
            expiry.cancel(false);
        }
        expiry = until;
    }

    /** When the last asker left, on the clock of the loops. Valid while there is no asker. */
    long leftAt() {
        return leftAt;
    }

    @Override
    public String toString() {
        return "granted " + bound();
    }
}
