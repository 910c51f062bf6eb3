package io.portproxy.tunnel.connection;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of a tunnel. Either side says that it goes away. From then on no stream is added, and the existing
 * streams may end. This side gives them a limited time and reports when all are over. If the peer goes away, the peer
 * closes the tunnel itself. On the tunnel's loop.
 */
public final class GoingAway {
    private static final Logger log = LoggerFactory.getLogger(GoingAway.class);

    /** The longest time that a GoAway can express, in milliseconds. */
    private static final long MAX_DEADLINE = 0xffff_ffffL;

    /** The tunnel, as this class sees it. */
    public interface Owner {
        /** Returns the number of streams that are not closed. */
        int live();

        /** Returns whether all instructions about the streams have left. */
        boolean hasToldAll();

        void endTurnSoon();

        /** Ends the tunnel with a RST. */
        void cut(Reason reason, String detail);

        /** Is called after a bug: nothing else would end the tunnel. */
        void abort();

        LogFields logFields();
    }

    private final EventLoop loop;
    private final TunnelLife life;
    private final boolean extended;
    private final ControlWriter control;
    private final Owner owner;
    private Timers.@Nullable Timer timer;
    private Reason peersReason = Reason.TUNNEL_LOST;

    /** @param life gets the transitions to the states in which a side goes away */
    public GoingAway(EventLoop loop, TunnelLife life, boolean extended, ControlWriter control, Owner owner) {
        this.loop = loop;
        this.life = life;
        this.extended = extended;
        this.control = control;
        this.owner = owner;
    }

    /**
     * Takes no new streams and lets the others end, for at most {@code grace}. Does nothing if that has begun before,
     * or if the tunnel has ended.
     */
    public void drain(Duration grace) {
        if (!life.drain()) {
            return;
        }
        if (extended) {
            control.sendGoAway(Reason.GOING_AWAY, Math.min(grace.toMillis(), MAX_DEADLINE));
        }
        int live = owner.live();
        if (live > 0) {
            owner.logFields()
                    .log(() -> log.info("{}: {} streams may take up to {} to end", owner, live, Durations.text(grace)));
        }
        timer = loop.timers().after(grace.toNanos(), () -> graceIsOver(grace), owner::abort);
        owner.endTurnSoon();
    }

    private void graceIsOver(Duration grace) {
        owner.cut(
                Reason.GOING_AWAY,
                owner.live() + " streams were reset, which had not ended within " + Durations.text(grace));
    }

    /** Returns whether the tunnel is being drained, all its streams have ended, and their last bytes have left. */
    public boolean isDrained() {
        return life.state().isDraining() && owner.live() == 0 && owner.hasToldAll();
    }

    /** Is called when the peer says that it goes away. The tunnel then takes no new streams. */
    public void peerGoes(Reason reason, long deadlineMillis) {
        if (!life.peerGoes()) {
            return; // the peer has said so before
        }
        peersReason = reason;
        owner.logFields()
                .andReason(reason.key())
                .log(() -> log.info(
                        "{}: the peer ends it within {}: {}",
                        owner,
                        Durations.text(Duration.ofMillis(deadlineMillis)),
                        reason.text()));
    }

    /**
     * Returns the reason that the peer gave when it said that it goes away; {@link Reason#TUNNEL_LOST} if it did not
     * say so.
     */
    public Reason peersReason() {
        return peersReason;
    }

    /** Stops the timer. Is called when the tunnel has ended. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
