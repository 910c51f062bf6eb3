package io.portproxy.usage;

import java.time.Duration;

/**
 * The settings for usage.
 *
 * @param interval how often the counters are read and usage is stored
 * @param keepHours how long the rows of hours are kept
 * @param keepDays how long the rows of days are kept
 * @param keepMonths how long the rows of months are kept
 * @param maxPorts the largest number of ports and hosts that have rows of their own in a month; others share one row
 */
public record UsageSettings(
        Duration interval, Duration keepHours, Duration keepDays, Duration keepMonths, int maxPorts) {
    /** The defaults. */
    public static final UsageSettings DEFAULT = new UsageSettings(
            Duration.ofSeconds(20), Duration.ofDays(7), Duration.ofDays(120), Duration.ofDays(1830), 10_000);

    Duration keep(Span span) {
        return switch (span) {
            case HOUR -> keepHours;
            case DAY -> keepDays;
            case MONTH -> keepMonths;
        };
    }
}
