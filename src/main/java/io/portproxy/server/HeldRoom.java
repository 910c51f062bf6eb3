package io.portproxy.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The number of users who may wait for remotes that are away, over all remotes. Any thread. */
final class HeldRoom {
    private final int most;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    HeldRoom(int most) {
        this.most = most;
    }

    /** Takes a place for a user. Returns whether there was one. */
    boolean take() {
        if (waiting.incrementAndGet() <= most) {
            return true;
        }
        waiting.decrementAndGet();
        refused.increment();
        return false;
    }

    /** Gives a place back. */
    void giveBack() {
        waiting.decrementAndGet();
    }

    /** The number of users who wait. */
    int waiting() {
        return waiting.get();
    }

    /** The number of users who were refused at once because too many waited. */
    long refused() {
        return refused.sum();
    }
}
