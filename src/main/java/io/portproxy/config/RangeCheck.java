package io.portproxy.config;

import io.portproxy.net.Durations;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Compares the values below one prefix with their documented ranges. */
final class RangeCheck {
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofHours(24);

    private final Problems problems;
    private final String prefix;

    RangeCheck(Problems problems, String prefix) {
        this.problems = problems;
        this.prefix = prefix;
    }

    void duration(String key, Duration value) {
        duration(key, value, SHORTEST);
    }

    void duration(String key, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(LONGEST) > 0) {
            problems.add(name(key), text(value), "is out of range", "write " + text(min) + " to " + text(LONGEST));
        }
    }

    /** Whether it is in range. */
    boolean size(String key, DataSize value, DataSize min, DataSize max) {
        boolean inRange = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        if (!inRange) {
            problems.add(name(key), text(value), "is out of range", "write " + text(min) + " to " + text(max));
        }
        return inRange;
    }

    void number(String key, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(name(key), value, "is out of range", "write " + min + " to " + max);
        }
    }

    void longer(String key, Duration value, String thanKey, Duration than) {
        if (value.compareTo(than) <= 0 && !areAt(key, thanKey)) {
            problems.add(
                    name(key),
                    text(value),
                    "is not longer than " + name(thanKey) + " (" + text(than) + ")",
                    "write more than " + text(than) + ", or make " + thanKey + " shorter");
        }
    }

    void atLeast(String key, Duration value, String thanKey, Duration than) {
        if (value.compareTo(than) < 0 && !areAt(key, thanKey)) {
            problems.add(name(key), text(value), less(thanKey, text(than)), orLess(thanKey, text(than)));
        }
    }

    void atLeast(String key, DataSize value, String thanKey, DataSize than) {
        if (value.compareTo(than) < 0 && !areAt(key, thanKey)) {
            problems.add(name(key), text(value), less(thanKey, text(than)), orLess(thanKey, text(than)));
        }
    }

    /** What is wrong with a value in another way than its range. */
    void problem(String key, Object value, String reason, String fix) {
        problems.add(name(key), value, reason, fix);
    }

    private boolean areAt(String key, String otherKey) {
        return problems.areAt(name(key)) || problems.areAt(name(otherKey));
    }

    private String less(String thanKey, String than) {
        return "is less than " + name(thanKey) + " (" + than + ")";
    }

    private static String orLess(String thanKey, String than) {
        return "write " + than + " or more, or make " + thanKey + " smaller";
    }

    private String name(String key) {
        return prefix + "." + key;
    }

    /** As a user would write it. */
    static String text(Duration value) {
        return Durations.text(value);
    }

    /** As a user would write it. */
    static String text(DataSize value) {
        long bytes = value.toBytes();
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        int unit = 0;
        while (bytes != 0 && bytes % 1024 == 0 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return bytes + units[unit];
    }
}
