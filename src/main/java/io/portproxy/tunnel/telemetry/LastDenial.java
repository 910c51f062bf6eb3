package io.portproxy.tunnel.telemetry;

import java.time.Instant;
import java.util.Optional;

/** When the peer last denied a target, as it does not allow it, if it has not opened it since. Any thread. */
public final class LastDenial {
    private static final long NONE = 0;

    private volatile long millis = NONE;

    void denied() {
        millis = System.currentTimeMillis();
    }

    /** Once for each stream; written only where there is something to forget. */
    void opened() {
        if (millis != NONE) {
            millis = NONE;
        }
    }

    /** When it was; empty if it was not, or not since the target was opened. */
    public Optional<Instant> at() {
        long last = millis;
        return last == NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(last));
    }
}
