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
 * Throws what nobody foresees, once, at some point of what the threads of a name do: where the clock is read, where something is
 * logged or could be, or where {@link #point} is called otherwise. These points lie all over the data path.
 */
public final class Faults implements AutoCloseable {
    private static final int NEVER = Integer.MAX_VALUE;

    /** What can be thrown anywhere: bugs, and the JVM at its limits. */
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
    private volatile String before = "nowhere"; // what was thrown ahead of it, as a wedge may show later

    /**
     * Lines at level debug are made, so that they can fail, but not printed.
     *
     * @param threads the beginning of the names of those who meet faults
     */
    public Faults(String threads) {
        this.threads = threads;
        ours.setLevel(Level.DEBUG);
        ours.setAdditive(Boolean.getBoolean("faults.log"));
        context.addTurboFilter(filter);
    }

    /** A clock that can fail. */
    public long nanoTime() {
        point();
        return System.nanoTime();
    }

    /** Where a fault may be. */
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

    /** The next fault is at that point from now on, counted from 1, and of that kind. */
    public void arm(int point, int kindOfFault) {
        kind = Math.floorMod(kindOfFault, KINDS.size());
        thrown = false;
        points.set(0);
        at = point;
    }

    /** From now on there is none. */
    public void disarm() {
        at = NEVER;
    }

    /** Whether the one that was armed last has been thrown. */
    public boolean thrown() {
        return thrown;
    }

    /** What was thrown last, and where. */
    public String where() {
        return where + ", behind " + before;
    }

    /** Points that have been passed since {@link #arm}. */
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
