package io.portproxy.usage;

import java.time.Instant;

/**
 * What has come in one hour, day or month.
 *
 * @param begins its beginning
 * @param key of which remote and port; empty texts where it is the sum of several
 */
public record UsageRow(Instant begins, UsageKey key, Amounts amounts) {}
