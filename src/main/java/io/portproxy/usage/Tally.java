package io.portproxy.usage;

/**
 * The value of a counter.
 *
 * @param counter identifies the counter; a port that is removed and added again has a new counter, which begins at 0
 * @param key what it counts
 * @param total the usage since the counter was made
 */
public record Tally(long counter, UsageKey key, Amounts total) {}
