package io.portproxy.usage;

/**
 * How many bytes may pass in an hour, a day or a month.
 *
 * @param bytes in both directions together; at least 1
 * @param per the hour, day or month of the calendar, in UTC
 */
public record Quota(long bytes, Span per) {}
