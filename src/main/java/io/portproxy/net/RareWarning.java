package io.portproxy.net;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** One kind of warning that may come in a flood: at most every ten seconds at warn, otherwise at debug. On one loop. */
public final class RareWarning {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private boolean warned;
    private long last;

    /**
     * @param nanoTime a clock in nanoseconds that only goes forward
     */
    public RareWarning(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs a line in SLF4J's format. */
    public void log(Logger log, String format, @Nullable Object... arguments) {
        long now = nanoTime.getAsLong();
        boolean due = !warned || now - last > EVERY_NANOS;
        if (due) {
            warned = true;
            last = now;
        }
        log.atLevel(due ? Level.WARN : Level.DEBUG).log(format, arguments);
    }
}
