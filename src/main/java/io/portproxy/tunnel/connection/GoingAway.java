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
 * How a tunnel comes to its end in good order: either side says that it goes away, from then on no stream is added, and
 * those that are there may end. This side gives them a while, and tells when all is over; the peer closes the tunnel itself.
 * On the tunnel's loop.
 */
public final class GoingAway {
    private static final Logger log = LoggerFactory.getLogger(GoingAway.class);

    /** What a GoAway can say, in milliseconds. */
    private static final long MAX_DEADLINE = 0xffff_ffffL;

    /** What it acts on. */
    public interface Owner {
        /** From now on no stream is added. */
        void takeNoMore();

        /** Streams that are not closed. */
        int live();

        /** Whether all that is to be told of them has left. */
        boolean hasToldAll();

        void endTurnSoon();

        /** Ends the tunnel with a RST. */
        void cut(Reason reason, String detail);

        /** A bug was met, so that nothing would end the tunnel any more. */
        void abort();

        LogFields logFields();
    }

    private final EventLoop loop;
    private final boolean extended;
    private final ControlWriter control;
    private final Owner owner;
    private boolean draining;
    private Timers.@Nullable Timer timer;
    private boolean peerGoes;
    private Reason peersReason = Reason.TUNNEL_LOST;

    public GoingAway(EventLoop loop, boolean extended, ControlWriter control, Owner owner) {
        this.loop = loop;
        this.extended = extended;
        this.control = control;
        this.owner = owner;
    }

    /** Takes no new streams and lets the others end, at most for {@code grace}. */
    public void drain(Duration grace) {
        if (draining) {
            return;
        }
        draining = true;
        owner.takeNoMore();
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

    public boolean isDraining() {
        return draining;
    }

    /** Whether all streams have ended while it was drained, and their last bytes have left. */
    public boolean isDrained() {
        return draining && owner.live() == 0 && owner.hasToldAll();
    }

    /** The peer takes no new streams. */
    public void peerGoes(Reason reason, long deadlineMillis) {
        if (peerGoes) {
            return; // it has said so before
        }
        peerGoes = true;
        peersReason = reason;
        owner.takeNoMore();
        owner.logFields()
                .andReason(reason.key())
                .log(() -> log.info(
                        "{}: the peer ends it within {}: {}",
                        owner,
                        Durations.text(Duration.ofMillis(deadlineMillis)),
                        reason.text()));
    }

    /** Why the peer closes, if it has said so. */
    public Reason peersReason() {
        return peersReason;
    }

    /** The tunnel has ended. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
