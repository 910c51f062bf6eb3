package io.portproxy.tunnel.connection;

/**
 * The time for which a peer has not answered a Ping. A peer must answer each Ping, in order and at once (protocol.md,
 * section 2.5). A peer that does not answer does not read. A Pong may wait behind data that is already on its way, and
 * a slow path needs a long time for that data. So while data comes, a Pong may take longer. But when more data has
 * come than a peer can have queued, the Pong is overdue. A state machine without I/O.
 */
final class UnansweredPings {
    /**
     * The most bytes of data that can be ahead of a Pong: the buffers of the operating systems of both ends, and the
     * bytes that PortProxy lets wait.
     */
    static final long MOST_AHEAD = 16L * 1024 * 1024;

    private boolean owed;
    private long lastSent; // the opaque number of the last Ping
    private long lastAnswered;
    private long since; // the time of the last Pong, or of the first Ping after it
    private long dataAt;
    private long data; // bytes that came after that time

    /**
     * Notes that a Ping is sent.
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

    /** Handles a Pong. Ignores one that answers no Ping of this side, and a second answer to the same Ping. */
    void answered(long opaque, long now) {
        if (owed && opaque - lastAnswered > 0 && opaque - lastSent <= 0) {
            lastAnswered = opaque;
            owed = opaque != lastSent;
            start(now);
        }
    }

    /** Notes that bytes of streams have come. */
    void dataCame(int length, long now) {
        data += length;
        dataAt = now;
    }

    /** Starts the time again, because this side has not read for a while and an answer may have waited for it. */
    void start(long now) {
        since = now;
        dataAt = now;
        data = 0;
    }

    /** Returns whether the peer has not answered for {@code nanos} or longer. */
    boolean areOverdue(long now, long nanos) {
        return owed && now - since >= nanos && (now - dataAt >= nanos || data > MOST_AHEAD);
    }
}
