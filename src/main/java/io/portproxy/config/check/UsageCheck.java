package io.portproxy.config.check;

import io.portproxy.config.properties.UsageProperties;
import io.portproxy.usage.UsageSettings;
import java.time.Duration;

/** Checks how the server keeps usage, and turns it into settings. */
final class UsageCheck {
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAX_PORTS = 100_000;

    private UsageCheck() {}

    static UsageSettings run(UsageProperties usage, RangeCheck ranges) {
        ranges.duration("usage.interval", usage.interval(), RangeCheck.SHORTEST, LONGEST_INTERVAL);
        ranges.duration("usage.keep-hours", usage.keepHours(), DAY, Duration.ofDays(366));
        ranges.duration("usage.keep-days", usage.keepDays(), DAY, Duration.ofDays(3660));
        ranges.duration("usage.keep-months", usage.keepMonths(), Duration.ofDays(31), Duration.ofDays(36_600));
        ranges.number("usage.max-ports", usage.maxPorts(), 1, MAX_PORTS);
        return new UsageSettings(
                usage.interval(), usage.keepHours(), usage.keepDays(), usage.keepMonths(), usage.maxPorts());
    }
}
