package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.Sizes;
import io.portproxy.net.Durations;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Compares the values below one place with their documented ranges. */
final class RangeCheck {
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofHours(24);

    private final Problems problems;
    private final Place place;

    RangeCheck(Problems problems, Place place) {
        this.problems = problems;
        this.place = place;
    }

    void duration(String key, Duration value) {
        duration(key, value, SHORTEST);
    }

    void duration(String key, Duration value, Duration min) {
        duration(key, value, min, LONGEST);
    }

    void duration(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            problems.add(
                    at(key),
                    Durations.text(value),
                    "is out of range",
                    "write " + Durations.text(min) + " to " + Durations.text(max));
        }
    }

    /** Returns whether the size is in range. Adds a problem if it is not. */
    boolean size(String key, DataSize value, DataSize min, DataSize max) {
        boolean inRange = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        if (!inRange) {
            problems.add(
                    at(key),
                    Sizes.text(value),
                    "is out of range",
                    "write " + Sizes.text(min) + " to " + Sizes.text(max));
        }
        return inRange;
    }

    void number(String key, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(at(key), value, "is out of range", "write " + min + " to " + max);
        }
    }

    void longer(String key, Duration value, String thanKey, Duration than) {
        if (value.compareTo(than) <= 0 && !areAt(key, thanKey)) {
            problems.add(
                    at(key),
                    Durations.text(value),
                    "is not longer than " + at(thanKey) + " (" + Durations.text(than) + ")",
                    "write more than " + Durations.text(than) + ", or make " + thanKey + " shorter");
        }
    }

    void atLeast(String key, Duration value, String thanKey, Duration than) {
        if (value.compareTo(than) < 0 && !areAt(key, thanKey)) {
            problems.add(
                    at(key),
                    Durations.text(value),
                    less(thanKey, Durations.text(than)),
                    orLess(thanKey, Durations.text(than)));
        }
    }

    void atLeast(String key, DataSize value, String thanKey, DataSize than) {
        if (value.compareTo(than) < 0 && !areAt(key, thanKey)) {
            problems.add(
                    at(key), Sizes.text(value), less(thanKey, Sizes.text(than)), orLess(thanKey, Sizes.text(than)));
        }
    }

    /** Adds a problem with a value that is not about its range. */
    void problem(String key, Object value, String reason, String fix) {
        problems.add(at(key), value, reason, fix);
    }

    private boolean areAt(String key, String otherKey) {
        return problems.areAt(at(key)) || problems.areAt(at(otherKey));
    }

    private String less(String thanKey, String than) {
        return "is less than " + at(thanKey) + " (" + than + ")";
    }

    private static String orLess(String thanKey, String than) {
        return "write " + than + " or more, or make " + thanKey + " smaller";
    }

    /** @param key a key, or several keys below the place, separated by dots */
    private Place at(String key) {
        Place at = place;
        for (String part : key.split("\\.", -1)) {
            at = at.key(part);
        }
        return at;
    }
}
