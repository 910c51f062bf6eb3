package io.portproxy.tunnel.telemetry;

import java.time.Instant;
import java.util.Optional;

/**
 * The time when the peer last denied a target that its rules do not allow. It is cleared when the peer opens the
 * target. Any thread.
 */
public final class LastDenial {
    private static final long NONE = 0;

    private volatile long millis = NONE;

    void denied() {
        millis = System.currentTimeMillis();
    }

    /** Clears the time. Is called once for each stream, so it writes only if there is a time to clear. */
    void opened() {
        if (millis != NONE) {
            millis = NONE;
        }
    }

    /** Returns the time; empty if the peer has never denied the target, or has opened it since. */
    public Optional<Instant> at() {
        long last = millis;
        return last == NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(last));
    }
}
