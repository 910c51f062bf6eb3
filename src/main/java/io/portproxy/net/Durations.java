package io.portproxy.net;

import java.time.Duration;

/** How a length of time is written: as in a configuration, {@code 500ms}, {@code 10s}, {@code 24h}. */
public final class Durations {
    private Durations() {}

    /** In the largest of hours, seconds and milliseconds that loses nothing but parts of a millisecond. */
    public static String text(Duration value) {
        if (value.toHours() > 0 && Duration.ofHours(value.toHours()).equals(value)) {
            return value.toHours() + "h";
        }
        return Duration.ofSeconds(value.toSeconds()).equals(value) ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }
}
