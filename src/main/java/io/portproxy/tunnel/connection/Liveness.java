package io.portproxy.tunnel.connection;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a tunnel's peer is gone, or does not read. Extended: both sides ping at the heartbeat interval, which measures
 * the round trip, too. Classic: the remote sends heartbeats, so that only the server can tell silence; the remote still notices
 * a tunnel that takes no bytes. Time in which this side did not run, or did not read, is no silence of the peer's. On the tunnel's
 * loop.
 */
public final class Liveness {
    /** How often in an idle timeout the clock is looked at. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    /** What it acts on. */
    interface Owner {
        /** Whether what the peer sends is read just now. */
        boolean isReading();

        void endTurnSoon();

        void lose(Reason reason, String detail);

        /** A bug was met, so that nothing would judge the peer any more. */
        void abort();
    }

    private final EventLoop loop;
    private final TunnelWriter writer;
    private final Owner owner;
    private final long idleNanos;
    private final long beatNanos;
    private final Duration idleTimeout;
    private final boolean pings;
    private final boolean beats;
    private final boolean expectsBeats;
    private Timers.@Nullable Timer check;
    private Timers.@Nullable Timer beat;
    private long lastHeard;
    private long lastTaken;
    private volatile long roundTripNanos = -1;

    /**
     * @param heartbeatInterval between two signs of life
     * @param idleTimeout how long the peer may be silent, or take nothing
     */
    Liveness(
            EventLoop loop,
            TunnelTerms terms,
            Duration heartbeatInterval,
            Duration idleTimeout,
            TunnelWriter writer,
            Owner owner) {
        this.loop = loop;
        this.writer = writer;
        this.owner = owner;
        this.idleTimeout = idleTimeout;
        this.idleNanos = idleTimeout.toNanos();
        this.beatNanos = heartbeatInterval.toNanos();
        this.pings = terms.dialect() == Dialect.EXTENDED;
        this.beats = pings || !terms.isServer();
        this.expectsBeats = pings || terms.isServer();
    }

    void start() {
        heard();
        taken();
        checkLater();
        if (beats) {
            beatLater();
        }
    }

    void stop() {
        if (check != null) {
            check.cancel();
        }
        if (beat != null) {
            beat.cancel();
        }
    }

    /** Something came from the peer. */
    void heard() {
        lastHeard = loop.awakeNanos();
    }

    /** Data is among what came last. */
    public void dataCame(int length) {
        writer.unanswered().dataCame(length, lastHeard);
    }

    /** This side has begun to read again after it did not for a while. */
    void readsAgain() {
        heard();
        writer.unanswered().start(lastHeard);
    }

    /** The peer has taken bytes, or some have just begun to wait for it. */
    void taken() {
        lastTaken = loop.awakeNanos();
    }

    /** The peer has answered our ping, whose opaque number is when it was sent. */
    public void ponged(long opaque) {
        long roundTrip = writer.ponged(opaque);
        if (roundTrip >= 0) {
            roundTripNanos = roundTrip;
        }
    }

    /** The round trip last measured in nanoseconds, negative before the first. Any thread. */
    public long roundTripNanos() {
        return roundTripNanos;
    }

    private void beatLater() {
        beat = loop.timers()
                .after(
                        beatNanos,
                        () -> {
                            sendSignOfLife();
                            beatLater();
                        },
                        owner::abort);
    }

    private void sendSignOfLife() {
        if (writer.isBlocked()) {
            return; // the bytes that wait are a sign of life
        }
        if (pings) {
            writer.ping();
        } else {
            writer.heartbeat();
        }
    }

    private void checkLater() {
        check = loop.timers().afterAwake(idleNanos / LOOKS_PER_TIMEOUT, this::look, owner::abort);
    }

    private void look() {
        if (writer.isBlocked()) {
            // The selector tells of room when a third of the send buffer is free, which takes a slow path minutes; a
            // write
            // takes what there is.
            writer.flush();
            owner.endTurnSoon();
        }
        if (!writer.isClosed()) {
            judge(loop.awakeNanos());
        }
    }

    private void judge(long now) {
        if (writer.isBlocked() && now - lastTaken >= idleNanos) {
            owner.lose(Reason.IDLE_TIMEOUT, "it has taken no byte for " + Durations.text(idleTimeout));
        } else if (expectsBeats && owner.isReading() && now - lastHeard >= idleNanos) {
            owner.lose(Reason.IDLE_TIMEOUT, "it has been silent for " + Durations.text(idleTimeout));
        } else if (pings && owner.isReading() && writer.unanswered().areOverdue(now, idleNanos)) {
            owner.lose(Reason.IDLE_TIMEOUT, "it has answered no Ping for " + Durations.text(idleTimeout));
        } else {
            checkLater();
        }
    }
}
