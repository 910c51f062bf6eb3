package io.portproxy.usage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps usage over restarts. Its methods block. Any thread. */
public interface UsageStore {
    /** Keeps nothing. */
    UsageStore NONE = new UsageStore() {
        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public void add(UsageBatch batch) {
            throw new UsageUnavailableException("usage is not kept");
        }

        @Override
        public Found find(UsageQuery query, long skip, int most) {
            throw new UsageUnavailableException("usage is not kept");
        }

        @Override
        public List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most) {
            throw new UsageUnavailableException("usage is not kept");
        }

        @Override
        public void forget(Map<Span, Instant> before) {}
    };

    /**
     * A page of what was found.
     *
     * @param total how many rows there are
     */
    record Found(List<UsageRow> rows, int total) {
        public Found {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Whether there is a place to keep usage. If not, no other method may be called.
     *
     * @throws UsageUnavailableException it is not known
     */
    boolean isThere();

    /**
     * Adds a batch to the kept usage of the hour, the day and the month, completely or not at all. Once it returns, a
     * crash does not lose the batch. A batch that has been kept already is not added again.
     *
     * @throws UsageUnavailableException it cannot be kept now, or nobody knows whether it was
     */
    void add(UsageBatch batch);

    /**
     * Finds rows, by their beginning, remote and port.
     *
     * @param skip how many to leave out
     * @param most how many to give
     * @throws UsageUnavailableException it cannot be read now
     */
    Found find(UsageQuery query, long skip, int most);

    /**
     * Finds the rows after a row that was found before.
     *
     * @param after the last row that is known; empty for the first rows
     * @throws UsageUnavailableException it cannot be read now
     */
    List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most);

    /**
     * Removes old usage.
     *
     * @param before what begins earlier is removed
     * @throws UsageUnavailableException it cannot be removed now
     */
    void forget(Map<Span, Instant> before);
}
