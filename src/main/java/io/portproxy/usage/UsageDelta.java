package io.portproxy.usage;

import java.time.Instant;

/**
 * What has come in addition.
 *
 * @param hour the beginning of the hour in which it came
 */
public record UsageDelta(UsageKey key, Instant hour, Amounts amounts) {}
