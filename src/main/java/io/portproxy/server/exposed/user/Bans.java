package io.portproxy.server.exposed.user;

import io.portproxy.net.LogLimit;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The addresses that are refused at once for some time, because users or remotes from there were refused or failed to
 * log in too often. All addresses of an IPv6 network of 64 bits count as one. The numbers of remembered failures and of
 * bans are limited. Any thread.
 */
public final class Bans {
    private static final Logger log = LoggerFactory.getLogger(Bans.class);

    /** The reason in metrics and in the API when a user's address is banned. */
    public static final String REFUSED = "banned";

    /** Bans no address. */
    public static final Bans NONE = new Bans(Optional.empty(), () -> 0);

    private static final int V6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;
    private static final int BANS_LOGGED = 10;

    /**
     * The rule for bans.
     *
     * @param after the number of failures, 1 or more
     * @param within the time in which these failures happen
     * @param length how long a ban lasts
     * @param most the most addresses that are remembered as failed, and the most that are banned, 1 or more; when there
     *     are more, the oldest is forgotten
     */
    public record Settings(int after, Duration within, Duration length, int most) {}

    /**
     * A banned address.
     *
     * @param address the address; for an IPv6 network of 64 bits, its first address
     * @param until when the ban ends
     */
    public record Ban(InetAddress address, Instant until) {}

    private record Failures(int count, long sinceNanos) {}

    private final Optional<Settings> settings;
    private final LongSupplier nanoTime;
    private final LogLimit lines;
    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>();
    private final Map<InetAddress, Long> untilNanos = new LinkedHashMap<>(); // the end of each ban
    private volatile boolean none = true; // nobody is banned, which is the usual case: no need to look up an address

    /**
     * @param settings when addresses are banned; empty for never
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    public Bans(Optional<Settings> settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.lines = new LogLimit(nanoTime, BANS_LOGGED);
    }

    private static InetAddress holder(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != V6_BYTES) {
            return address;
        }
        Arrays.fill(bytes, NETWORK_BYTES, V6_BYTES, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    /** Whether an address is banned. */
    public boolean isBanned(InetAddress address) {
        return !none && isListed(holder(address));
    }

    private synchronized boolean isListed(InetAddress holder) {
        forgetOver();
        return untilNanos.containsKey(holder);
    }

    /** Removes the bans that are over. All have the same length, so the oldest ends first. */
    private void forgetOver() {
        long now = nanoTime.getAsLong();
        Iterator<Long> ends = untilNanos.values().iterator();
        while (ends.hasNext() && ends.next() - now <= 0) {
            ends.remove();
        }
        none = untilNanos.isEmpty();
    }

    /** Counts that a user or remote from an address was refused, or failed to log in. */
    public void failed(InetAddress address) {
        settings.ifPresent(rule -> failed(holder(address), rule));
    }

    private synchronized void failed(InetAddress holder, Settings rule) {
        long now = nanoTime.getAsLong();
        Failures after = Optional.ofNullable(failures.remove(holder)) // its entry is appended again, as the newest
                .filter(before -> now - before.sinceNanos <= rule.within.toNanos())
                .map(before -> new Failures(before.count + 1, before.sinceNanos))
                .orElseGet(() -> new Failures(1, now));
        if (after.count < rule.after) {
            failures.put(holder, after);
            forgetOldest(failures, rule);
            return;
        }
        untilNanos.remove(holder);
        untilNanos.put(holder, now + rule.length.toNanos());
        forgetOldest(untilNanos, rule);
        none = false;
        lines.log(
                log,
                Level.WARN,
                "{} is banned for {} s after {} refused connections or failed logins",
                holder.getHostAddress(),
                rule.length.toSeconds(),
                after.count);
    }

    private static void forgetOldest(Map<InetAddress, ?> from, Settings rule) {
        if (from.size() > rule.most) {
            from.remove(from.keySet().iterator().next());
        }
    }

    /** The banned addresses, the oldest ban first. */
    public synchronized List<Ban> all() {
        forgetOver();
        long now = nanoTime.getAsLong();
        Instant time = Instant.now();
        return untilNanos.entrySet().stream()
                .map(ban -> new Ban(ban.getKey(), time.plusNanos(ban.getValue() - now)))
                .toList();
    }

    /** The number of bans. */
    public synchronized int size() {
        forgetOver();
        return untilNanos.size();
    }

    /** Lifts the ban of an address, or of its network, and forgets its failures. Returns whether it was banned. */
    public synchronized boolean lift(InetAddress address) {
        forgetOver();
        failures.remove(holder(address));
        boolean was = untilNanos.remove(holder(address)) != null;
        none = untilNanos.isEmpty();
        return was;
    }
}
