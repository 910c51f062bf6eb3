package io.portproxy.net;

import java.util.function.LongSupplier;

/** Event loops whose clock is a test's own, so that it can throw wherever the time is asked for. */
public final class FaultyLoops {
    private FaultyLoops() {}

    /** Not started yet. */
    public static EventLoopGroup of(String prefix, int workers, MemoryBudget budget, LongSupplier clock) {
        return new EventLoopGroup(prefix, workers, budget, clock);
    }
}
