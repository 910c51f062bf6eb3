package io.portproxy.usage;

/**
 * A limit for the bytes that pass in an hour, a day or a month.
 *
 * @param bytes bytes of both directions together; at least 1
 * @param per the period of the calendar, in UTC
 */
public record Quota(long bytes, Span per) {}
