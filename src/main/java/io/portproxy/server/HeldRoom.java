package io.portproxy.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many users may wait for remotes that are away, of all remotes together. Any thread. */
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

    /** Gives it back. */
    void giveBack() {
        waiting.decrementAndGet();
    }

    /** Users who wait. */
    int waiting() {
        return waiting.get();
    }

    /** Users who were refused at once, as too many waited. */
    long refused() {
        return refused.sum();
    }
}
