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
 * Reads the counters of each port and keeps its usage by hour, day and month. One thread of its own writes what it has
 * just read. Another one only reads: for quotas, and while the store is slow. Thread-safe.
 */
public final class Usage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Usage.class);

    /** Who asks gets what is not older than that. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often counters are looked at for quotas. */
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
     * @param counters what it is read from
     * @param clock says in which hour something has come
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

    /** Begins to look and to keep. Once. Reads first what has passed in this hour, day and month, so that quotas hold from the first user on. */
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
                    } catch (RuntimeException | Error e) { // which would end it for ever
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

    /** Looks at the counters now. One at a time: an older look behind a newer one would see counters go back. */
    synchronized void look() {
        Instant now = clock.instant();
        lookedAt = System.nanoTime();
        totals.add(ledger.look(counters.tallies(), now), now);
        counters.looked(totals, now);
    }

    /** What is written is what has come until now: no older reading. */
    private void keep() {
        look();
        flush();
    }

    /** Keeps what waits now. */
    void flush() {
        flushedAt.set(System.nanoTime());
        writer.flush();
    }

    /** What is asked for has what has come until now, or until a second ago. */
    private void refresh() {
        if (System.nanoTime() - flushedAt.get() >= FRESH_NANOS) {
            keep();
        }
    }

    /**
     * Whether it is kept over restarts. Blocks.
     *
     * @throws UsageUnavailableException it is not known now
     */
    public boolean isKept() {
        return store.isThere();
    }

    /**
     * Finds rows: of what is kept or, where nothing is kept, of what has come since the start. Blocks.
     *
     * @param skip how many to leave out
     * @param most how many to give
     * @throws UsageUnavailableException it cannot be read now
     */
    public UsageStore.Found find(UsageQuery query, long skip, int most) {
        refresh();
        return store.isThere() ? store.find(query, skip, most) : MemoryUsage.find(ledger.waiting(), query, skip, most);
    }

    /** The same, behind a row that was found before. */
    public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
        if (after.isEmpty()) {
            refresh();
        }
        return store.isThere()
                ? store.findAfter(query, after, most)
                : MemoryUsage.findAfter(ledger.waiting(), query, after, most);
    }

    /** How it does. Does not block. */
    public UsageView view() {
        return new UsageView(
                ledger.size() + writer.waiting(),
                ledger.lost(),
                writer.failures(),
                ledger.ports(),
                settings.maxPorts(),
                writer.trouble());
    }

    /** Keeps what has come until now, and ends. */
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
