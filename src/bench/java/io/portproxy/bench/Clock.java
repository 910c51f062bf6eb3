package io.portproxy.bench;

import java.util.concurrent.locks.LockSupport;

/** Methods that wait. */
final class Clock {
    private Clock() {}

    /** Waits for that time. Returns immediately if the thread is interrupted. */
    static void sleepMillis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for that time. */
    static void sleepSeconds(double seconds) {
        sleepMillis(Math.round(seconds * 1000));
    }

    /** Waits until that value of {@link System#nanoTime}, or about 50 µs longer. Returns early if the thread is interrupted. */
    static void sleepUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    /** Returns the seconds since that value of {@link System#nanoTime}. */
    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
