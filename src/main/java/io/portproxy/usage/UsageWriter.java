package io.portproxy.usage;

import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the content of the ledger to the store, and removes old usage from it. Blocks as long as the store does. Only one thread at a
 * time.
 */
final class UsageWriter {
    private static final Logger log = LoggerFactory.getLogger(UsageWriter.class);

    /** The rows that are stored at once. The number is small, so that a change of a remote does not wait long for the store. */
    private static final int BATCH = 500;

    private final String writer = UUID.randomUUID().toString();
    private final Ledger ledger;
    private final UsageTotals totals;
    private final UsageStore store;
    private final UsageSettings settings;
    private final Clock clock;
    private @Nullable UsageBatch unsure; // the batch whose result is not known; null if there is none
    private boolean loaded;
    private long number;
    private Instant forgotten = Instant.EPOCH;
    private final AtomicLong failures = new AtomicLong();
    private volatile int waiting;
    private volatile Optional<String> trouble = Optional.empty();

    UsageWriter(Ledger ledger, UsageTotals totals, UsageStore store, UsageSettings settings, Clock clock) {
        this.ledger = ledger;
        this.totals = totals;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /** Stores the waiting rows. If that fails, they continue to wait. */
    synchronized void flush() {
        try {
            if (!store.isThere()) {
                return;
            }
            if (!loaded) { // before this process adds anything to the store
                totals.load(store, clock.instant());
                loaded = true;
            }
            while (next()) {
                store.add(unsure());
                unsure = null;
                waiting = 0;
            }
            forget();
            if (trouble.isPresent()) {
                trouble = Optional.empty();
                log.info("usage is kept again; what waited in memory is written");
            }
        } catch (UsageUnavailableException e) {
            failed(e);
        }
    }

    private UsageBatch unsure() {
        UsageBatch there = unsure;
        if (there == null) {
            throw new IllegalStateException("nothing waits");
        }
        return there;
    }

    /**
     * Prepares the next batch. Returns whether there is one. A batch that has failed is tried again unchanged, because the store may have
     * kept it.
     */
    private boolean next() {
        if (unsure == null) {
            List<UsageDelta> taken = ledger.take(BATCH);
            if (taken.isEmpty()) {
                return false;
            }
            unsure = new UsageBatch(writer, ++number, taken);
            waiting = taken.size();
        }
        return true;
    }

    private void failed(UsageUnavailableException e) {
        failures.incrementAndGet();
        if (trouble.isEmpty()) {
            log.warn(
                    "usage cannot be kept now, and waits in memory ({} rows at most): {}",
                    Ledger.MAX_WAITING,
                    e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
    }

    /** Removes old usage, once an hour. */
    private void forget() {
        Instant now = clock.instant();
        if (!Span.HOUR.begin(now).equals(forgotten)) {
            Map<Span, Instant> before = new EnumMap<>(Span.class);
            for (Span span : Span.values()) {
                before.put(span, span.begin(now.minus(settings.keep(span))));
            }
            store.forget(before);
            forgotten = Span.HOUR.begin(now);
        }
    }

    /** Returns how often rows could not be stored. Any thread. */
    long failures() {
        return failures.get();
    }

    /** Returns the number of rows that were taken from the ledger and are not known to be stored. Any thread. */
    int waiting() {
        return waiting;
    }

    /** Returns why usage cannot be stored now; empty if it can be stored. Any thread. */
    Optional<String> trouble() {
        return trouble;
    }
}
