package io.portproxy.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides which of repeated failures to log at a visible level: those with a new cause, or with a cause that was last logged long ago. The
 * number of remembered causes is limited. On one loop.
 */
final class FailureLog {
    /** The time after which the same cause is logged again. */
    static final Duration AGAIN = Duration.ofMinutes(10);

    private static final int MAX_CAUSES = 16;

    private final Map<String, Long> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_CAUSES;
        }
    };
    private int quiet;

    /** Returns whether to log a cause at a visible level. If not, the failure is counted. */
    boolean tells(String cause, long nowNanos) {
        Long before = told.get(cause);
        if (before != null && nowNanos - before < AGAIN.toNanos()) {
            quiet++;
            return false;
        }
        told.put(cause, nowNanos);
        return true;
    }

    /** Returns how many failures were not logged at a visible level since the last call. */
    int takeQuiet() {
        int count = quiet;
        quiet = 0;
        return count;
    }

    /** Forgets all causes, because an attempt succeeded. */
    void clear() {
        told.clear();
    }
}
