package io.portproxy.tunnel.connection;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a tunnel's peer is gone, or does not read. Extended: both sides send Pings at the heartbeat interval,
 * which also measures the round trip. Classic: the remote sends heartbeats, so only the server can detect silence; the
 * remote still detects a tunnel that takes no bytes. Time in which this side did not run, or did not read, does not
 * count as silence of the peer. On the tunnel's loop.
 */
public final class Liveness {
    /** How often the clock is checked in an idle timeout. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    /** The connection, as this class sees it. */
    interface Owner {
        /** Returns whether this side reads the peer's bytes at present. */
        boolean isReading();

        void endTurnSoon();

        void lose(Reason reason, String detail);

        /** Is called after a bug: nothing else would check the peer. */
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
     * @param heartbeatInterval the time between two signs of life
     * @param idleTimeout how long the peer may be silent, or may take no byte
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

    /** Notes that bytes came from the peer. */
    void heard() {
        lastHeard = loop.awakeNanos();
    }

    /** Notes that the bytes that came last contain data. */
    public void dataCame(int length) {
        writer.unanswered().dataCame(length, lastHeard);
    }

    /** Notes that this side reads again after a pause. */
    void readsAgain() {
        heard();
        writer.unanswered().start(lastHeard);
    }

    /** Notes that the peer has taken bytes, or that bytes have just begun to wait for the peer. */
    void taken() {
        lastTaken = loop.awakeNanos();
    }

    /** Handles a Pong. Its opaque number is the time when this side sent the Ping. */
    public void ponged(long opaque) {
        long roundTrip = writer.ponged(opaque);
        if (roundTrip >= 0) {
            roundTripNanos = roundTrip;
        }
    }

    /** Returns the last measured round trip in nanoseconds; negative before the first. Any thread. */
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
            return; // the waiting bytes are a sign of life
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
            // The selector reports room only when a third of the send buffer is free. On a slow path that takes
            // minutes. A write uses the room that there is.
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
