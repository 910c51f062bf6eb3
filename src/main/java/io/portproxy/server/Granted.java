package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.server.exposed.Route;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a remote has asked for and got, and the tunnels in which it has. At the {@link Desk}, where nothing else is said. */
abstract class Granted {
    private final EventLoop clock;
    private final Set<Asker> askers = new LinkedHashSet<>();
    private volatile boolean wanted = true; // for other threads
    private @Nullable Future<?> expiry;
    private long leftAt; // when the last asker went, on the clock of the loops

    Granted(EventLoop clock) {
        this.clock = clock;
    }

    /** Where its users are carried. Any thread. */
    abstract Route route();

    /** That, and those of before, whose streams may still go on. Any thread. */
    abstract Collection<Route> routes();

    /** What users connect to, as people see it. Any thread. */
    abstract String bound();

    Set<Asker> askers() {
        return Set.copyOf(askers);
    }

    /** Whether a tunnel is up in which it was asked for; otherwise it is kept for the remote. Any thread. */
    boolean isWanted() {
        return wanted;
    }

    void add(Asker asker) {
        askers.add(asker);
        wanted = true;
        keep(null);
    }

    /** Whether the last of the askers has gone by that. */
    boolean remove(Predicate<Asker> gone) {
        boolean removed = askers.removeIf(gone);
        boolean left = removed && askers.isEmpty();
        if (left) {
            wanted = false;
            leftAt = clock.nanoTime();
        }
        return left;
    }

    /** When it will have been kept for long enough; in the place of what was said before. */
    void keep(@Nullable Future<?> until) {
        if (expiry != null) {
            expiry.cancel(false);
        }
        expiry = until;
    }

    /** When the last asker went, on the clock of the loops; while nobody wants it. */
    long leftAt() {
        return leftAt;
    }

    @Override
    public String toString() {
        return "granted " + bound();
    }
}
