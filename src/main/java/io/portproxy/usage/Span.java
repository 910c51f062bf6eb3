package io.portproxy.usage;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The periods by which usage is summed up: hours, days and months of the calendar, in UTC. */
public enum Span {
    HOUR,
    DAY,
    MONTH;

    /** Returns the beginning of the period that contains a moment. */
    public Instant begin(Instant moment) {
        OffsetDateTime time = moment.atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> time.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
        };
    }

    /** Returns the end of the period that contains a moment, which is the beginning of the next period. */
    public Instant end(Instant moment) {
        OffsetDateTime begin = begin(moment).atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> begin.plusHours(1).toInstant();
            case DAY -> begin.plusDays(1).toInstant();
            case MONTH -> begin.plusMonths(1).toInstant();
        };
    }

    /** Returns the name in files, in the API and in the store, for example {@code month}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return key();
    }

    /** Returns the period with that name. */
    public static Optional<Span> of(String key) {
        return Arrays.stream(values()).filter(span -> span.key().equals(key)).findFirst();
    }
}
