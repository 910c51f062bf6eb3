package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * How a server keeps what has come to each port, by hour, day and month.
 *
 * @param interval How often it is kept. So much is lost when the process is killed. Default: 20s; a bare number means seconds. Range: 100ms to 60s.
 * @param keepHours How long hours are kept. Default: 7d; a bare number means seconds. Range: 24h to 8784h.
 * @param keepDays How long days are kept. Default: 120d; a bare number means seconds. Range: 24h to 87840h.
 * @param keepMonths How long months are kept. Default: 1830d; a bare number means seconds. Range: 744h to 878400h.
 * @param maxPorts Ports and hosts that have numbers of their own in a month. What others have is summed up in one row, (others). Default: 10000.
 *     Range: 1 to 100000.
 */
public record UsageProperties(
        @DefaultValue("20s") @DurationUnit(ChronoUnit.SECONDS)
        Duration interval,

        @DefaultValue("7d") @DurationUnit(ChronoUnit.SECONDS)
        Duration keepHours,

        @DefaultValue("120d") @DurationUnit(ChronoUnit.SECONDS)
        Duration keepDays,

        @DefaultValue("1830d") @DurationUnit(ChronoUnit.SECONDS)
        Duration keepMonths,

        @DefaultValue("10000") int maxPorts) {}
