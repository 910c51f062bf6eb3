package io.portproxy.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Throws one unexpected fault at a chosen point, in threads whose names begin with a given text. A point is where the clock is read,
 * where a line is or could be logged, or where a test calls {@link #point}. These points lie all over the data path.
 */
public final class Faults implements AutoCloseable {
    private static final int NEVER = Integer.MAX_VALUE;

    /** The faults that any code can throw: bugs, and the limits of the JVM. */
    private static final List<Supplier<Throwable>> KINDS = List.of(
            () -> new IllegalStateException("on purpose"),
            () -> new OutOfMemoryError("on purpose"),
            () -> new StackOverflowError("on purpose"),
            () -> new InternalError("on purpose"),
            () -> new AssertionError("on purpose"));

    private final String threads;
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger ours = context.getLogger("io.portproxy");
    private final @Nullable Level level = ours.getLevel();
    private final TurboFilter filter = new TurboFilter() {
        @Override
        public FilterReply decide(
                Marker marker, Logger logger, Level asked, String format, Object[] arguments, Throwable thrown) {
            point();
            return FilterReply.NEUTRAL;
        }
    };
    private final AtomicInteger points = new AtomicInteger();
    private volatile int at = NEVER;
    private volatile int kind;
    private volatile boolean thrown;
    private volatile String where = "nowhere";
    private volatile String before = "nowhere"; // the fault thrown before, as a wedge may show later

    /**
     * Starts to count points. Lines at level DEBUG are made, so that they can fail, but they are not printed.
     *
     * @param threads the beginning of the names of the threads that meet faults
     */
    public Faults(String threads) {
        this.threads = threads;
        ours.setLevel(Level.DEBUG);
        ours.setAdditive(Boolean.getBoolean("faults.log"));
        context.addTurboFilter(filter);
    }

    /** Reads the clock. Is a point at which a fault can be thrown. */
    public long nanoTime() {
        point();
        return System.nanoTime();
    }

    /** Is a point at which a fault can be thrown. */
    public void point() {
        if (!Thread.currentThread().getName().startsWith(threads)) {
            return;
        }
        if (points.incrementAndGet() == at) {
            Throwable fault = KINDS.get(kind).get();
            before = where;
            where = fault + " at "
                    + Arrays.stream(fault.getStackTrace())
                            .map(StackTraceElement::toString)
                            .filter(frame -> frame.startsWith("io.portproxy") && !frame.contains(".Faults"))
                            .limit(12)
                            .toList();
            thrown = true;
            if (fault instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) fault;
        }
    }

    /** Throws the next fault at the given point, counted from 1 and from now on. The number chooses the kind of fault. */
    public void arm(int point, int kindOfFault) {
        kind = Math.floorMod(kindOfFault, KINDS.size());
        thrown = false;
        points.set(0);
        at = point;
    }

    /** Throws no fault from now on. */
    public void disarm() {
        at = NEVER;
    }

    /** Returns whether the last armed fault has been thrown. */
    public boolean thrown() {
        return thrown;
    }

    /** Returns the last fault and the place where it was thrown. */
    public String where() {
        return where + ", behind " + before;
    }

    /** Returns the number of points passed since {@link #arm}. */
    public int passed() {
        return points.get();
    }

    @Override
    public void close() {
        context.getTurboFilterList().remove(filter);
        ours.setAdditive(true);
        ours.setLevel(level);
    }
}
