package io.portproxy.usage;

/**
 * What a counter stands at.
 *
 * @param counter which one; a port that is removed and added again has another one, which begins with 0
 * @param key what it counts
 * @param total since it was made
 */
public record Tally(long counter, UsageKey key, Amounts total) {}
