package io.portproxy.usage;

import java.time.Duration;

/**
 * How usage is kept.
 *
 * @param interval how often the counters are looked at, and what they have come to is kept
 * @param keepHours how long hours are kept
 * @param keepDays how long days are kept
 * @param keepMonths how long months are kept
 * @param maxPorts ports and hosts that have numbers of their own in a month; what others have is summed up
 */
public record UsageSettings(
        Duration interval, Duration keepHours, Duration keepDays, Duration keepMonths, int maxPorts) {
    /** What is kept without being told otherwise. */
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
