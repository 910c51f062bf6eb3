package io.portproxy.server;

import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.tunnel.Carrier;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A port that a remote has asked for, and the tunnels in which it has. At the {@link Desk}, where nothing else is said. */
final class GrantedPort {

    /**
     * A request that the port answers.
     *
     * @param tunnel in which it was made
     * @param carrier the tunnel, to answer
     * @param number the request's
     */
    record Asker(RemoteTunnel tunnel, Carrier carrier, int number) {
        boolean isSame(Asker other) {
            return tunnel == other.tunnel && number == other.number;
        }
    }

    private final ExposedPort port;
    private final Set<Asker> askers = new LinkedHashSet<>();
    private volatile boolean wanted = true; // for other threads
    private @Nullable Future<?> expiry;
    private long leftAt; // when the last asker went, on the clock of the loops

    GrantedPort(ExposedPort port) {
        this.port = port;
    }

    /** Any thread. */
    ExposedPort port() {
        return port;
    }

    /** The port's number. Any thread. */
    int number() {
        return port.address().getPort();
    }

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
            leftAt = port.loop().nanoTime();
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
        return "granted " + port;
    }
}
