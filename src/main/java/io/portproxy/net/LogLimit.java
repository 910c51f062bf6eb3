package io.portproxy.net;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Keeps lines that a peer can cause at will from filling the log. In each period of {@code 10 s}, only the first lines
 * are logged at their level; the rest are logged at level debug. The next line at its level says how many those were.
 * Any thread.
 */
public final class LogLimit {
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private final int linesAPeriod;
    private boolean begun;
    private long periodBegan;
    private int lines;
    private long quiet; // lines at level debug since the last line at its level

    /**
     * @param nanoTime a clock in nanoseconds that only goes forward
     * @param linesAPeriod how many lines are logged at their level in a period; positive
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

    /**
     * Returns how many lines before this one were logged at level debug, if this one may be logged at its level;
     * otherwise a negative number.
     */
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
