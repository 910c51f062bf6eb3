package io.portproxy.tunnel.connection;

/**
 * For how long a peer has owed us a Pong: it has to answer each Ping, in order and at once (protocol.md, section 2.5), so one
 * that does not is not reading. A Pong may stand behind data that was on its way before, which a slow path carries for long; so
 * while data comes, it may take longer, but not behind more than a peer can have queued. A state machine without I/O.
 */
final class UnansweredPings {
    /** More data than this cannot have been ahead of a Pong: the buffers of both ends' systems, and what we let wait. */
    static final long MOST_AHEAD = 16L * 1024 * 1024;

    private boolean owed;
    private long lastSent; // its opaque number
    private long lastAnswered;
    private long since; // the last Pong, or the first Ping behind it
    private long dataAt;
    private long data; // bytes since

    /**
     * A Ping is sent.
     *
     * @param opaque its number, larger each time
     * @param now in nanoseconds
     */
    void sent(long opaque, long now) {
        if (!owed) {
            owed = true;
            lastAnswered = opaque - 1;
            start(now);
        }
        lastSent = opaque;
    }

    /** A Pong has come; one that answers no Ping of ours, or for a second time, counts for nothing. */
    void answered(long opaque, long now) {
        if (owed && opaque - lastAnswered > 0 && opaque - lastSent <= 0) {
            lastAnswered = opaque;
            owed = opaque != lastSent;
            start(now);
        }
    }

    /** Bytes of streams have come. */
    void dataCame(int length, long now) {
        data += length;
        dataAt = now;
    }

    /** This side has not read for a while, so that an answer may have waited for it. */
    void start(long now) {
        since = now;
        dataAt = now;
        data = 0;
    }

    /** Whether the peer should have answered for that long. */
    boolean areOverdue(long now, long nanos) {
        return owed && now - since >= nanos && (now - dataAt >= nanos || data > MOST_AHEAD);
    }
}
