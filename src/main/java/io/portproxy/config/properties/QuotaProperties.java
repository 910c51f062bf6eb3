package io.portproxy.config.properties;

import io.portproxy.usage.Span;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many bytes may be carried, in both directions together. When the quota is used up, users are refused until the next hour, day or
 * month.
 *
 * @param bytes How many bytes. Required. Range: 1KB to 1000000TB.
 * @param per The period of the quota: an hour, a day or a month of the calendar, in UTC. Default: month. Range: hour, day or month.
 */
public record QuotaProperties(
        @Nullable DataSize bytes, @DefaultValue("month") Span per) {}
