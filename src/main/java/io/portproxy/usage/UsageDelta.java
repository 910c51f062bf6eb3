package io.portproxy.usage;

import java.time.Instant;

/**
 * An increase of usage.
 *
 * @param hour the beginning of the hour of the increase
 */
public record UsageDelta(UsageKey key, Instant hour, Amounts amounts) {}
