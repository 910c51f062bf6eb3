package io.portproxy.mux;

import io.portproxy.protocol.Identity;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Creates identities for new streams; there is one object for a whole proxy server (protocol.md, section 1). The
 * numbers count up from a start that moves with time by 65,536 per second. So a restarted server does not reuse the
 * identities of a minute ago. Any thread.
 */
public final class Identities {
    private final AtomicLong next;

    /**
     * @param start when the server started
     */
    public Identities(Instant start) {
        next = new AtomicLong(start.getEpochSecond() << 16);
    }

    /** Returns an identity that this process has not used. It comes again only after 2^48 others. */
    public long next() {
        return next.getAndIncrement() & Identity.MAX;
    }
}
