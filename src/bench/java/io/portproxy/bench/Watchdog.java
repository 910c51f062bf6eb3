package io.portproxy.bench;

/** Ends a run in which a measurement never comes to its end: that is an error, not a timing. */
final class Watchdog {
    /** For starting programs, connecting and retrying, on a busy machine. */
    private static final double GRACE_SECONDS = 120;

    private final Report report;
    private String step = "start";
    private long deadline = Long.MAX_VALUE;

    /** What is still done then, in the watchdog's thread. The process ends behind it. */
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
     * The next step begins.
     *
     * @param name for the message
     * @param seconds that it may take, besides a grace of two minutes
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
