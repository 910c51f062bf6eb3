package io.portproxy.usage;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What usage is summed up by: hours, days or months of the calendar, in UTC. */
public enum Span {
    HOUR,
    DAY,
    MONTH;

    /** The beginning of the one that a moment is in. */
    public Instant begin(Instant moment) {
        OffsetDateTime time = moment.atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> time.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
        };
    }

    /** The end of the one that a moment is in, which is the beginning of the next. */
    public Instant end(Instant moment) {
        OffsetDateTime begin = begin(moment).atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> begin.plusHours(1).toInstant();
            case DAY -> begin.plusDays(1).toInstant();
            case MONTH -> begin.plusMonths(1).toInstant();
        };
    }

    /** The name in files, in the API and in the store, as in {@code month}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return key();
    }

    /** The one with that name. */
    public static Optional<Span> of(String key) {
        return Arrays.stream(values()).filter(span -> span.key().equals(key)).findFirst();
    }
}
