package io.portproxy.net;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Keeps lines that a peer can cause at will from filling the log: of each {@code 10 s} only the first are at their level,
 * the rest at level debug, and the next that is seen says how many those were. Any thread.
 */
public final class LogLimit {
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private final int linesAPeriod;
    private boolean begun;
    private long periodBegan;
    private int lines;
    private long quiet; // lines at level debug since the last that was seen

    /**
     * @param nanoTime a clock in nanoseconds that only goes forward
     * @param linesAPeriod how many are seen; positive
     */
    public LogLimit(LongSupplier nanoTime, int linesAPeriod) {
        this.nanoTime = nanoTime;
        this.linesAPeriod = linesAPeriod;
    }

    /** Logs a line in SLF4J's format, at that level or at level debug. */
    public void log(Logger log, Level level, String format, @Nullable Object... arguments) {
        long untold = take();
        if (untold < 0) {
            log.debug(format, arguments);
        } else {
            String more = untold == 0 ? "" : " (and " + untold + " similar lines before this one, at level debug)";
            log.atLevel(level).log(format + more, arguments);
        }
    }

    /** How many were not seen before this one, which is; negative if this one is not either. */
    private synchronized long take() {
        long now = nanoTime.getAsLong();
        if (!begun || now - periodBegan > PERIOD_NANOS) {
            begun = true;
            periodBegan = now;
            lines = 0;
        }
        if (lines == linesAPeriod) {
            quiet++;
            return -1;
        }
        lines++;
        long untold = quiet;
        quiet = 0;
        return untold;
    }
}
