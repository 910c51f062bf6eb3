package io.portproxy.net;

import java.time.Duration;

/** Writes a length of time as in a configuration: {@code 500ms}, {@code 10s}, {@code 24h}. */
public final class Durations {
    private Durations() {}

    /**
     * Returns the time in hours, seconds or milliseconds: the largest of these that loses nothing except parts of a
     * millisecond.
     */
    public static String text(Duration value) {
        if (value.toHours() > 0 && Duration.ofHours(value.toHours()).equals(value)) {
            return value.toHours() + "h";
        }
        return Duration.ofSeconds(value.toSeconds()).equals(value) ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }
}
