package io.portproxy.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which of the tries that fail for ever are worth a line that is seen: those with a cause that is new, or that was told long ago. A
 * bounded number of causes is remembered. On one loop.
 */
final class FailureLog {
    /** After so long the same cause is told once more. */
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

    /** Whether a cause is to be told at a level that is seen; else it is counted. */
    boolean tells(String cause, long nowNanos) {
        Long before = told.get(cause);
        if (before != null && nowNanos - before < AGAIN.toNanos()) {
            quiet++;
            return false;
        }
        told.put(cause, nowNanos);
        return true;
    }

    /** How many were not told since the last call. */
    int takeQuiet() {
        int count = quiet;
        quiet = 0;
        return count;
    }

    /** It works: from now on every cause is new. */
    void clear() {
        told.clear();
    }
}
