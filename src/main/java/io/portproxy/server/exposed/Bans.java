package io.portproxy.server.exposed;

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
 * Addresses that are refused at once for some time, as users or remotes from there were refused or failed to log in too often. All addresses of an
 * IPv6 network of 64 bits count as one. A bounded number of both, those that have failed and those that are banned, is remembered. Any thread.
 */
public final class Bans {
    private static final Logger log = LoggerFactory.getLogger(Bans.class);

    /** Why a user is refused whose address is banned, in metrics and in the API. */
    public static final String REFUSED = "banned";

    /** Bans nobody. */
    public static final Bans NONE = new Bans(Optional.empty(), () -> 0);

    private static final int V6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;
    private static final int BANS_LOGGED = 10;

    /**
     * When an address is banned.
     *
     * @param after how many failures, 1 or more
     * @param within in which time
     * @param length how long
     * @param most how many addresses are remembered of each kind, 1 or more; then the oldest is forgotten
     */
    public record Settings(int after, Duration within, Duration length, int most) {}

    /**
     * An address that is banned.
     *
     * @param address the address; of an IPv6 network of 64 bits the first
     * @param until when it is over
     */
    public record Ban(InetAddress address, Instant until) {}

    private record Failures(int count, long sinceNanos) {}

    private final Optional<Settings> settings;
    private final LongSupplier nanoTime;
    private final LogLimit lines;
    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>();
    private final Map<InetAddress, Long> untilNanos = new LinkedHashMap<>(); // of those that are banned
    private volatile boolean none = true; // is banned: most often there is nothing to look up

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

    /** Those that began first are over first. */
    private void forgetOver() {
        long now = nanoTime.getAsLong();
        Iterator<Long> ends = untilNanos.values().iterator();
        while (ends.hasNext() && ends.next() - now <= 0) {
            ends.remove();
        }
        none = untilNanos.isEmpty();
    }

    /** Somebody from an address was refused, or has failed to log in. */
    public void failed(InetAddress address) {
        settings.ifPresent(rule -> failed(holder(address), rule));
    }

    private synchronized void failed(InetAddress holder, Settings rule) {
        long now = nanoTime.getAsLong();
        Failures after = Optional.ofNullable(failures.remove(holder)) // and to the end, as the newest
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

    /** Those that are banned, the oldest first. */
    public synchronized List<Ban> all() {
        forgetOver();
        long now = nanoTime.getAsLong();
        Instant time = Instant.now();
        return untilNanos.entrySet().stream()
                .map(ban -> new Ban(ban.getKey(), time.plusNanos(ban.getValue() - now)))
                .toList();
    }

    /** How many are banned. */
    public synchronized int size() {
        forgetOver();
        return untilNanos.size();
    }

    /** Lets an address, or its network, come again; what it has failed before is forgotten. Returns whether it was banned. */
    public synchronized boolean lift(InetAddress address) {
        forgetOver();
        failures.remove(holder(address));
        boolean was = untilNanos.remove(holder(address)) != null;
        none = untilNanos.isEmpty();
        return was;
    }
}
