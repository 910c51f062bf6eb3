package io.portproxy.usage;

import java.util.List;

/**
 * What is kept at once.
 *
 * @param writer who keeps it; another one after each start
 * @param number the how-manieth of this writer: one that was kept, though nobody heard of it, is not kept twice
 */
public record UsageBatch(String writer, long number, List<UsageDelta> deltas) {
    public UsageBatch {
        deltas = List.copyOf(deltas);
    }
}
