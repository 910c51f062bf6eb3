package io.portproxy.server;

import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Notices that instances take one remote name from each other, as machines with one configuration do, and slows that down: the name
 * would otherwise change hands several times a second, and no user's connection would last. On the remote's loop.
 *
 * <pre>
 *   peace --several takeovers in a minute, by instances that had the name before--> quarrel
 *     ^                                                                               |
 *     +-------------- for 5 minutes nobody has wanted the name of its holder ---------+
 * </pre>
 */
final class Quarrel {
    /** Takeovers within {@link #WINDOW} that make a quarrel. A restart, or a move to another machine, is one. */
    static final int MANY = 4;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** In a quarrel, for how long who has the name keeps it at least. */
    static final Duration HOLD = Duration.ofSeconds(30);

    /** So long without anybody who wants the name of its holder ends a quarrel. */
    static final Duration PEACE = Duration.ofMinutes(5);

    /**
     * Who wants the name, or has it.
     *
     * @param key tells instances apart; in the classic dialect, which has none, the same as the host
     * @param host its address without a port, which would be another one each time
     */
    record Contender(String key, String host) {}

    private record Takeover(Contender by, Contender from, long atNanos) {}

    private final String name;
    private final Deque<Takeover> takeovers = new ArrayDeque<>(); // the last MANY
    private boolean on;
    private long wantedAt; // when the name was wanted last
    private long heldSince;

    Quarrel(String name) {
        this.name = name;
    }

    /** Whether one that wants the name from its holder has to wait, and what it is told then. */
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
     * One has taken the name from its holder.
     *
     * @return what to say of it, if that is a quarrel
     */
    Optional<String> taken(Contender fresh, Contender holder, long nowNanos) {
        heldSince = nowNanos;
        if (fresh.key().equals(holder.key())) {
            return Optional.empty(); // a classic remote that has come back before its old tunnel was given up
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

    /** One has come into the name while nobody had it: that counts as having taken it. */
    void found(long nowNanos) {
        heldSince = nowNanos;
    }

    /** A remote that is started again and again is another instance each time, and no quarrel. */
    private long contenders() {
        return takeovers.stream()
                .flatMap(taken -> Stream.of(taken.by().key(), taken.from().key()))
                .distinct()
                .count();
    }

    /** The same words for both, whoever has it just now. */
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
