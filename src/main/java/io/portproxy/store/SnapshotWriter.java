package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoredRemote;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a snapshot after changes, on a thread of its own, at most once per second. Thread-safe. */
final class SnapshotWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SnapshotWriter.class);
    private static final long LEAST_NANOS_BETWEEN = 1_000_000_000;
    private static final long PATIENCE_SECONDS = 15;

    private final Snapshot snapshot;
    private final Map<String, GatewayDefinition> gateways = new TreeMap<>();
    private final Map<String, StoredRemote> remotes = new TreeMap<>();
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "store-snapshot");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Accounts> accounts = Optional.empty(); // empty until all is known; nothing is written before
    private boolean waiting; // a scheduled write will include the current remotes
    private long lastWrite = System.nanoTime() - LEAST_NANOS_BETWEEN;
    private boolean failing; // only the writer's thread

    SnapshotWriter(Snapshot snapshot) {
        this.snapshot = snapshot;
        executor.setKeepAliveTime(2 * LEAST_NANOS_BETWEEN, TimeUnit.NANOSECONDS);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Replaces everything. */
    synchronized void loaded(Content all) {
        gateways.clear();
        remotes.clear();
        accounts = Optional.of(all.accounts());
        changed(new StoreChange(all.gateways(), List.of(), all.remotes(), List.of()));
    }

    /** Applies a change of gateways and remotes. */
    synchronized void changed(StoreChange change) {
        gateways.keySet().removeAll(change.removedGateways());
        change.gateways().forEach(gateway -> gateways.put(gateway.name(), gateway));
        remotes.keySet().removeAll(change.removedRemotes());
        change.remotes().forEach(remote -> remotes.put(remote.name(), remote));
        writeSoon();
    }

    /** Replaces all accounts. */
    synchronized void changed(Accounts all) {
        accounts = accounts.map(before -> all);
        writeSoon();
    }

    private void writeSoon() {
        if (accounts.isPresent() && !waiting && !executor.isShutdown()) {
            waiting = true;
            long pause = Math.max(0, lastWrite + LEAST_NANOS_BETWEEN - System.nanoTime());
            var unused = executor.schedule(this::write, pause, TimeUnit.NANOSECONDS);
        }
    }

    private void write() {
        Content all;
        synchronized (this) {
            waiting = false;
            lastWrite = System.nanoTime();
            all = new Content(List.copyOf(gateways.values()), List.copyOf(remotes.values()), accounts.orElseThrow());
        }
        try {
            snapshot.write(all);
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                failing = true;
                log.warn(
                        "the snapshot {} cannot be written, so a start without the database will not have the latest"
                                + " remotes: {}",
                        snapshot.path(),
                        e.toString());
            }
        }
    }

    /** Waits until everything is written, at most 15 s. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
