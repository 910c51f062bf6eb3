package io.portproxy.bench;

/** Ends a run if a measurement hangs. That is an error, and not a slow result. */
final class Watchdog {
    /** Time for starting programs, connecting and retrying, on a busy machine. */
    private static final double GRACE_SECONDS = 120;

    private final Report report;
    private String step = "start";
    private long deadline = Long.MAX_VALUE;

    /** Is called on the watchdog's thread when a step hangs. After it, the process ends. */
    @FunctionalInterface
    interface Report {
        void hangs(String step);
    }

    Watchdog(Report report) {
        this.report = report;
        Thread thread = new Thread(this::watch, "watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Sets the deadline of the next step.
     *
     * @param name the name of the step for the message
     * @param seconds how long it may take; a grace of two minutes is added
     */
    synchronized void expect(String name, double seconds) {
        step = name;
        deadline = System.nanoTime() + (long) ((GRACE_SECONDS + seconds) * 1e9);
    }

    private synchronized boolean isLate() {
        return deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0;
    }

    private void watch() {
        while (!isLate()) {
            Clock.sleepSeconds(1);
        }
        report.hangs(step);
        Runtime.getRuntime().halt(1);
    }
}
