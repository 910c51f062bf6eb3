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
     * A page of the rows that were found.
     *
     * @param total the number of all rows that match the query
     */
    record Found(List<UsageRow> rows, int total) {
        public Found {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Returns whether there is a place to keep usage. If not, no other method may be called.
     *
     * @throws UsageUnavailableException that is not known now
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
     * Finds rows, ordered by their beginning, remote and port.
     *
     * @param skip how many rows to skip
     * @param most the largest number of rows to return
     * @throws UsageUnavailableException the store cannot be read now
     */
    Found find(UsageQuery query, long skip, int most);

    /**
     * Finds the rows after a row that was found before.
     *
     * @param after the last row that is known; empty for the first rows
     * @throws UsageUnavailableException the store cannot be read now
     */
    List<UsageRow> findAfter(UsageQuery query, Optional<UsageRow> after, int most);

    /**
     * Removes old usage.
     *
     * @param before for each period, the time before which rows are removed
     * @throws UsageUnavailableException the rows cannot be removed now
     */
    void forget(Map<Span, Instant> before);
}
