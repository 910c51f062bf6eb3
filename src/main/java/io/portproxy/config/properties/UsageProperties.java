package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * How the server keeps usage, which is the bytes and connections of each port and host by hour, day and month.
 *
 * @param interval How often the server saves usage. If the process is killed, the usage since the last time is lost. Default: 20s; a bare
 *     number means seconds. Range: 100ms to 60s.
 * @param keepHours How long the server keeps usage by hour. Default: 7d; a bare number means seconds. Range: 24h to 8784h.
 * @param keepDays How long the server keeps usage by day. Default: 120d; a bare number means seconds. Range: 24h to 87840h.
 * @param keepMonths How long the server keeps usage by month. Default: 1830d; a bare number means seconds. Range: 744h to 878400h.
 * @param maxPorts How many ports and hosts have rows of their own in a month. The usage of all others is added up in one row, (others).
 *     Default: 10000. Range: 1 to 100000.
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
