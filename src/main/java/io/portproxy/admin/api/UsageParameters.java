package io.portproxy.admin.api;

import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.usage.Span;
import io.portproxy.usage.UsageQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the parameters of a query for usage. */
final class UsageParameters {
    static final List<String> SPANS =
            Arrays.stream(Span.values()).map(Span::key).toList();
    static final List<String> PERS =
            Arrays.stream(UsageQuery.Per.values()).map(UsageQuery.Per::key).toList();

    /** The first of the times that databases can store. All of them have a year of four digits. */
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private UsageParameters() {}

    /**
     * Reads the query.
     *
     * @throws BadParameterException if a parameter is invalid
     */
    static UsageQuery query(
            String by,
            Optional<String> from,
            Optional<String> to,
            String per,
            Optional<String> remote,
            Optional<String> port,
            Instant now) {
        Span span = Span.of(by).orElseThrow(() -> noneOf("by", SPANS));
        UsageQuery.Per rows = UsageQuery.Per.of(per).orElseThrow(() -> noneOf("per", PERS));
        Instant end = to.map(text -> moment("to", text)).orElse(now);
        Instant begin = span.begin(from.map(text -> moment("from", text)).orElseGet(() -> end.minus(shown(span))));
        if (!begin.isBefore(end)) {
            throw new BadParameterException("from", "write a time that is earlier than to");
        }
        return new UsageQuery(span, begin, end, rows, text("remote", remote), text("port", port));
    }

    private static Optional<String> text(String parameter, Optional<String> written) {
        written.filter(String::isBlank).ifPresent(blank -> {
            throw new BadParameterException(parameter, "write which one, or leave it out for all");
        });
        return written;
    }

    private static BadParameterException noneOf(String parameter, List<String> values) {
        return new BadParameterException(parameter, "write one of " + String.join(", ", values));
    }

    /** Returns the length of the result if the query has no beginning. */
    private static Duration shown(Span span) {
        return switch (span) {
            case HOUR -> Duration.ofHours(47);
            case DAY -> Duration.ofDays(89);
            case MONTH -> Duration.ofDays(730);
        };
    }

    /** Reads a time, or a day, which means its beginning in UTC. */
    private static Instant moment(String parameter, String text) {
        try {
            Instant moment = text.length() == "2026-01-31".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
            if (!moment.isBefore(FIRST) && moment.isBefore(LAST)) {
                return moment;
            }
        } catch (DateTimeParseException e) {
            throw notATime(parameter);
        }
        throw notATime(parameter);
    }

    private static BadParameterException notATime(String parameter) {
        return new BadParameterException(
                parameter, "write a time or a day in UTC, such as 2026-01-31T12:00:00Z or 2026-01-31");
    }
}
