package io.portproxy.mux;

import io.portproxy.protocol.Identity;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives identities to new streams; one for a whole proxy server (protocol.md, section 1). They count up from a point
 * that moves with time, 65,536 a second, so that a restarted server does not reuse those of a minute ago. Safe for any
 * thread.
 */
public final class Identities {
    private final AtomicLong next;

    /**
     * @param start when the server started
     */
    public Identities(Instant start) {
        next = new AtomicLong(start.getEpochSecond() << 16);
    }

    /** An identity that this process has not used, and will not use again before 2^48 others. */
    public long next() {
        return next.getAndIncrement() & Identity.MAX;
    }
}
