package io.portproxy.store;

import io.portproxy.manage.StoreException;
import io.portproxy.usage.Span;
import io.portproxy.usage.UsageBatch;
import io.portproxy.usage.UsageQuery;
import io.portproxy.usage.UsageRow;
import io.portproxy.usage.UsageStore;
import io.portproxy.usage.UsageUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps usage in the tables of a store, on the thread of the store. Thread-safe. */
final class KeptUsage implements UsageStore {
    private final StoreThread thread;
    private final Backend backend;

    KeptUsage(StoreThread thread, Backend backend) {
        this.thread = thread;
        this.backend = backend;
    }

    private <T> T call(Supplier<T> task) {
        try {
            return thread.call(task);
        } catch (StoreException e) {
            throw new UsageUnavailableException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean isThere() {
        return call(backend::keepsUsage);
    }

    @Override
    public void add(UsageBatch batch) {
        call(() -> {
            backend.writeUsage(rows -> rows.add(batch));
            return batch;
        });
    }

    @Override
    public Found find(UsageQuery query, long skip, int most) {
        return call(
                () -> backend.readUsage(rows -> rows.find(query, skip, most)).orElse(new Found(List.of(), 0)));
    }

    @Override
    public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
        return call(() ->
                backend.readUsage(rows -> rows.findAfter(query, after, most)).orElse(List.of()));
    }

    @Override
    public void forget(Map<Span, Instant> before) {
        call(() -> {
            backend.writeUsage(rows -> rows.forget(before));
            return before;
        });
    }
}
