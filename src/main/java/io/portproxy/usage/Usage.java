package io.portproxy.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the counters of each port, and keeps its usage by hour, day and month. One thread reads the counters and writes to the store.
 * Another thread only reads the counters: it does so for quotas, and while the store is slow. Thread-safe.
 */
public final class Usage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Usage.class);

    /** Queries return data that is not older than this. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often counters are read for quotas. */
    private static final Duration WATCHED = Duration.ofSeconds(1);

    private static final Duration AT_THE_END = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final UsageWriter writer;
    private final UsageStore store;
    private final UsageSettings settings;
    private final Counters counters;
    private final UsageTotals totals;
    private final Clock clock;
    private final ScheduledExecutorService looking = thread("usage");
    private final ScheduledExecutorService writing = thread("usage-writer");
    private volatile long lookedAt = System.nanoTime();
    private final AtomicLong flushedAt = new AtomicLong(System.nanoTime() - FRESH_NANOS);

    /**
     * @param counters the counters to read
     * @param clock gives the time, from which the hour of usage is found
     */
    public Usage(UsageSettings settings, UsageStore store, Counters counters, Clock clock) {
        this.settings = settings;
        this.store = store;
        this.counters = counters;
        this.clock = clock;
        this.ledger = new Ledger(settings.maxPorts());
        this.totals = new UsageTotals(settings.maxPorts());
        this.writer = new UsageWriter(ledger, totals, store, settings, clock);
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts to read the counters and to store usage. Must be called only once. First reads the usage of the current hour, day and month
     * from the store, so that quotas apply from the first user on.
     */
    public void start() {
        flush();
        Duration least = settings.interval().compareTo(WATCHED) < 0 ? settings.interval() : WATCHED;
        every(looking, least, this::lookIfDue);
        every(writing, settings.interval(), this::keep);
    }

    private void every(ScheduledExecutorService thread, Duration time, Runnable task) {
        long nanos = time.toNanos();
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) { // an exception would end the repetition for ever
                        log.error("a bug, or no memory: usage could not be counted or kept", e);
                    }
                },
                nanos,
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private void lookIfDue() {
        if (counters.isWatched()
                || System.nanoTime() - lookedAt >= settings.interval().toNanos()) {
            look();
        }
    }

    /** Reads the counters now. Synchronized, because counters would seem to go back if an older reading were added after a newer one. */
    synchronized void look() {
        Instant now = clock.instant();
        lookedAt = System.nanoTime();
        totals.add(ledger.look(counters.tallies(), now), now);
        counters.looked(totals, now);
    }

    /** Reads the counters before it writes, so that what it writes is up to date. */
    private void keep() {
        look();
        flush();
    }

    /** Stores the waiting rows now. */
    void flush() {
        flushedAt.set(System.nanoTime());
        writer.flush();
    }

    /** Makes sure that queries return usage that is at most a second old. */
    private void refresh() {
        if (System.nanoTime() - flushedAt.get() >= FRESH_NANOS) {
            keep();
        }
    }

    /**
     * Returns whether usage is kept over restarts. Blocks.
     *
     * @throws UsageUnavailableException that is not known now
     */
    public boolean isKept() {
        return store.isThere();
    }

    /**
     * Finds rows in the store. If there is no store, finds rows of usage since the start. Blocks.
     *
     * @param skip how many rows to skip
     * @param most the largest number of rows to return
     * @throws UsageUnavailableException the store cannot be read now
     */
    public UsageStore.Found find(UsageQuery query, long skip, int most) {
        refresh();
        return store.isThere() ? store.find(query, skip, most) : MemoryUsage.find(ledger.waiting(), query, skip, most);
    }

    /** Finds the rows after a row that was found before, in the same way. */
    public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
        if (after.isEmpty()) {
            refresh();
        }
        return store.isThere()
                ? store.findAfter(query, after, most)
                : MemoryUsage.findAfter(ledger.waiting(), query, after, most);
    }

    /** Returns the current state. Does not block. */
    public UsageView view() {
        return new UsageView(
                ledger.size() + writer.waiting(),
                ledger.lost(),
                writer.failures(),
                ledger.ports(),
                settings.maxPorts(),
                writer.trouble());
    }

    /** Stores the usage until now, and stops. */
    @Override
    public void close() {
        looking.shutdown();
        look();
        writing.execute(this::flush);
        writing.shutdown();
        try {
            if (!writing.awaitTermination(AT_THE_END.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the last usage was not kept: the store does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
