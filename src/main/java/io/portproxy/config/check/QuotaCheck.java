package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.QuotaProperties;
import io.portproxy.usage.Quota;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Checks quotas: how many bytes may pass in a span of time. */
final class QuotaCheck {
    private static final DataSize LEAST = DataSize.ofKilobytes(1);
    private static final DataSize MOST = DataSize.ofTerabytes(1_000_000);

    private final Problems problems;

    QuotaCheck(Problems problems) {
        this.problems = problems;
    }

    /** Returns the quota; empty if there is none or it is wrong. */
    Optional<Quota> run(Place place, @Nullable QuotaProperties quota) {
        if (quota == null) {
            return Optional.empty();
        } else if (quota.bytes() == null) {
            if (!problems.areAt(place.key("bytes"))) {
                problems.add(place.key("bytes"), null, "is missing", "write how many bytes may pass, such as 100GB");
            }
            return Optional.empty();
        }
        boolean right = new RangeCheck(problems, place).size("bytes", quota.bytes(), LEAST, MOST);
        return right ? Optional.of(new Quota(quota.bytes().toBytes(), quota.per())) : Optional.empty();
    }
}
