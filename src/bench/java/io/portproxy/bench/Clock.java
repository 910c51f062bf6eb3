package io.portproxy.bench;

import java.util.concurrent.locks.LockSupport;

/** Waiting, in a program whose purpose is to let time pass. */
final class Clock {
    private Clock() {}

    /** Lets that much time pass; an interrupted thread goes on at once. */
    static void sleepMillis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets that much time pass. */
    static void sleepSeconds(double seconds) {
        sleepMillis(Math.round(seconds * 1000));
    }

    /** Returns at that reading of {@link System#nanoTime}, or some 50 µs later, or when the thread is interrupted. */
    static void sleepUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    /** Seconds since that reading of {@link System#nanoTime}. */
    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
