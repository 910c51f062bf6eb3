package io.portproxy.net;

import java.util.function.LongSupplier;

/** Makes event loops whose clock belongs to the test, so that it can throw wherever a loop reads the time. */
public final class FaultyLoops {
    private FaultyLoops() {}

    /** Returns loops that are not started yet. */
    public static EventLoopGroup of(String prefix, int workers, MemoryBudget budget, LongSupplier clock) {
        return new EventLoopGroup(prefix, workers, budget, clock);
    }
}
