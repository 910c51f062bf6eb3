package io.portproxy.usage;

import java.time.Instant;

/**
 * The usage of one hour, day or month.
 *
 * @param begins the beginning of the period
 * @param key the remote and port; a part is an empty text if the row is the sum over several
 */
public record UsageRow(Instant begins, UsageKey key, Amounts amounts) {}
