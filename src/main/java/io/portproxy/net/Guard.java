package io.portproxy.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Runs code of an owner on an event loop. If the code throws, only that owner is ended. Loop's thread only. */
final class Guard {
    /** The action for code without an owner to end. */
    static final Runnable NOTHING = () -> {};

    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final LoopStats stats;

    Guard(LoopStats stats) {
        this.stats = stats;
    }

    /** Runs a task without an owner. If it throws, that is logged and has no further effect. */
    void run(Runnable task) {
        run(task, NOTHING);
    }

    /** Runs a task. If it throws, that is logged, and {@code onFailure} ends the owner of the task. */
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

    /**
     * Logs and counts an exception. Never throws. If there is no memory for the log line, the exception is only
     * counted.
     */
    void failed(Object who, Throwable cause) {
        stats.failed();
        try {
            String what = cause instanceof OutOfMemoryError ? "no memory" : "a bug";
            stats.failureLines().log(log, Level.ERROR, "{}: {} failed, so its connection is reset", what, who, cause);
        } catch (Throwable e) {
            stats.failed();
        }
    }
}
