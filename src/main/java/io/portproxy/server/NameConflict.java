package io.portproxy.server;

import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The detector of quarrels: several instances take one remote name from each other, as machines with the same
 * configuration do. It slows this down. Otherwise the name would change hands several times a second, and no user's
 * connection would last. On the remote's loop.
 *
 * <pre>
 *   peace --several takeovers in a minute, by instances that had the name before--> quarrel
 *     ^                                                                               |
 *     +---------- for 5 minutes nobody has tried to take the name from its holder ----+
 * </pre>
 */
final class NameConflict {
    /**
     * The number of takeovers within {@link #WINDOW} that make a quarrel. A restart, or a move to another machine, is
     * one takeover.
     */
    static final int MANY = 4;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** The time that an instance keeps the name at least, during a quarrel. */
    static final Duration HOLD = Duration.ofSeconds(30);

    /** A quarrel ends when nobody has tried to take the name from its holder for this time. */
    static final Duration PEACE = Duration.ofMinutes(5);

    /**
     * An instance that wants the name, or has it.
     *
     * @param key tells instances apart; in the classic dialect, which has no instances, the same as the host
     * @param host the address without the port, because the port differs each time
     */
    record Contender(String key, String host) {}

    private record Takeover(Contender by, Contender from, long atNanos) {}

    private final String name;
    private final Deque<Takeover> takeovers = new ArrayDeque<>(); // the last MANY
    private boolean on;
    private long wantedAt; // the last attempt to take the name
    private long heldSince;

    NameConflict(String name) {
        this.name = name;
    }

    /** Returns the refusal for an instance that wants the name from its holder; empty if it may have the name now. */
    Optional<Reject> keepOut(Contender fresh, Contender holder, long nowNanos) {
        if (on && nowNanos - wantedAt > PEACE.toNanos()) {
            on = false;
            takeovers.clear();
        }
        wantedAt = nowNanos;
        return on && nowNanos - heldSince < HOLD.toNanos()
                ? Optional.of(new Reject(Reason.REPLACED, true, text(fresh, holder)))
                : Optional.empty();
    }

    /**
     * Records that an instance has taken the name from its holder.
     *
     * @return the text of a warning, if this is a quarrel
     */
    Optional<String> taken(Contender fresh, Contender holder, long nowNanos) {
        heldSince = nowNanos;
        if (fresh.key().equals(holder.key())) {
            return Optional.empty(); // a classic remote that is back before the server has given up its old tunnel
        }
        takeovers.addLast(new Takeover(fresh, holder, nowNanos));
        if (takeovers.size() > MANY) {
            takeovers.removeFirst();
        }
        on |= takeovers.size() == MANY
                && nowNanos - takeovers.getFirst().atNanos() <= WINDOW.toNanos()
                && contenders() < MANY;
        return on ? Optional.of(text(fresh, holder)) : Optional.empty();
    }

    /** Records that an instance has got the name while nobody had it. The time to keep the name starts now. */
    void found(long nowNanos) {
        heldSince = nowNanos;
    }

    /**
     * The number of different instances in the last takeovers. A remote that restarts again and again is a new instance
     * each time: this is no quarrel.
     */
    private long contenders() {
        return takeovers.stream()
                .flatMap(taken -> Stream.of(taken.by().key(), taken.from().key()))
                .distinct()
                .count();
    }

    /** The same text for both, whichever has the name now. */
    private String text(Contender one, Contender other) {
        String hosts = Stream.of(one.host(), other.host())
                .sorted()
                .reduce((a, b) -> a + " and one at " + b)
                .orElseThrow();
        return "several remotes take the name " + name + " from each other, one at " + hosts
                + "; give each a name of its own (portproxy.client.name), or have the server let them share it"
                + " (portproxy.server.on-duplicate: balance)";
    }
}
