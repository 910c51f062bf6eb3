package io.portproxy.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Runs code that belongs to one owner on an event loop. If it throws, only that owner is ended. Loop's thread only. */
final class Guard {
    /** For what has nothing to end. */
    static final Runnable NOTHING = () -> {};

    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final LoopStats stats;

    Guard(LoopStats stats) {
        this.stats = stats;
    }

    /** Runs a task of nobody in particular: what it throws is logged, and costs nothing else. */
    void run(Runnable task) {
        run(task, NOTHING);
    }

    /** Runs a task: what it throws is logged, and costs what {@code onFailure} ends. */
    void run(Runnable task, Runnable onFailure) {
        try {
            task.run();
        } catch (Throwable e) {
            failed(task, e);
            if (onFailure != NOTHING) {
                run(onFailure, NOTHING);
            }
        }
    }

    /** Logs and counts what was thrown. Never throws: there may be no memory for the line either, and then the count has to do. */
    void failed(Object who, Throwable cause) {
        stats.failed();
        try {
            String what = cause instanceof OutOfMemoryError ? "no memory" : "a bug";
            stats.failureLines()
                    .log(log, Level.ERROR, "{}: {} failed; it is given up, and its connection reset", what, who, cause);
        } catch (Throwable e) {
            stats.failed();
        }
    }
}
