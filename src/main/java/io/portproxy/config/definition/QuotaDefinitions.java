package io.portproxy.config.definition;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.QuotaProperties;
import io.portproxy.config.properties.Sizes;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.usage.Span;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Converts quotas between properties and definitions. */
final class QuotaDefinitions {
    private QuotaDefinitions() {}

    /** Converts properties to a definition. */
    static Optional<QuotaDefinition> of(@Nullable QuotaProperties quota) {
        return Optional.ofNullable(quota)
                .map(there -> new QuotaDefinition(
                        there.bytes() == null ? "" : Sizes.text(there.bytes()),
                        there.per().key()));
    }

    /** Converts a definition to properties. */
    static @Nullable QuotaProperties properties(Optional<QuotaDefinition> quota, Problems problems, Place place) {
        return quota.map(there -> new QuotaProperties(
                        bytes(there.bytes(), problems, place.key("quota").key("bytes")),
                        per(there.per(), problems, place.key("quota").key("per"))))
                .orElse(null);
    }

    private static @Nullable DataSize bytes(String text, Problems problems, Place place) {
        try {
            return text.isEmpty() ? null : DataSize.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(place, text, "is not a size", "write a number with a unit, such as 100GB");
            return null;
        }
    }

    private static Span per(String text, Problems problems, Place place) {
        Optional<Span> span = Span.of(text);
        if (span.isEmpty()) {
            problems.add(place, text, "is not one of the possible values", "write hour, day or month");
        }
        return span.orElse(Span.MONTH);
    }
}
