package io.portproxy.usage;

import java.util.List;

/**
 * Rows of usage that are stored at once.
 *
 * @param writer identifies the writer; each start of the process has a new one
 * @param number the number of the batch, counted by this writer; the store uses it to recognize a batch that it has already kept
 */
public record UsageBatch(String writer, long number, List<UsageDelta> deltas) {
    public UsageBatch {
        deltas = List.copyOf(deltas);
    }
}
