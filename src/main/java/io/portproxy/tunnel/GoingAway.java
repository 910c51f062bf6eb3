package io.portproxy.tunnel;

import io.portproxy.net.Durations;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Dialect;
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
final class GoingAway {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    /** What a GoAway can say, in milliseconds. */
    private static final long MAX_DEADLINE = 0xffff_ffffL;

    private final Tunnel tunnel;
    private final ControlWriter control;
    private boolean draining;
    private Timers.@Nullable Timer timer;
    private boolean peerGoes;
    private Reason peersReason = Reason.TUNNEL_LOST;

    GoingAway(Tunnel tunnel, ControlWriter control) {
        this.tunnel = tunnel;
        this.control = control;
    }

    /** Takes no new streams and lets the others end, at most for {@code grace}. */
    void drain(Duration grace) {
        if (draining) {
            return;
        }
        draining = true;
        tunnel.streams().takeNoMore();
        if (tunnel.dialect() == Dialect.EXTENDED) {
            control.sendGoAway(Reason.GOING_AWAY, Math.min(grace.toMillis(), MAX_DEADLINE));
        }
        int live = tunnel.session().live();
        if (live > 0) {
            tunnel.owner()
                    .events()
                    .logFields()
                    .log(() ->
                            log.info("{}: {} streams may take up to {} to end", tunnel, live, Durations.text(grace)));
        }
        timer = tunnel.loop().timers().after(grace.toNanos(), () -> graceIsOver(grace), tunnel::abort);
        tunnel.writer().flushSoon();
    }

    private void graceIsOver(Duration grace) {
        tunnel.cut(
                Reason.GOING_AWAY,
                tunnel.session().live() + " streams were reset, which had not ended within " + Durations.text(grace));
    }

    boolean isDraining() {
        return draining;
    }

    /** Whether all streams have ended while it was drained, and their last bytes have left. */
    boolean isDrained() {
        return draining
                && tunnel.session().live() == 0
                && tunnel.hasToldEnds()
                && tunnel.writer().size() == 0;
    }

    /** The peer takes no new streams. */
    void peerGoes(Reason reason, long deadlineMillis) {
        if (peerGoes) {
            return; // it has said so before
        }
        peerGoes = true;
        peersReason = reason;
        tunnel.streams().takeNoMore();
        tunnel.owner()
                .events()
                .logFields()
                .andReason(reason.key())
                .log(() -> log.info(
                        "{}: the peer goes away within {}: {}",
                        tunnel,
                        Durations.text(Duration.ofMillis(deadlineMillis)),
                        reason.text()));
    }

    /** Why the peer closes, if it has said so. */
    Reason peersReason() {
        return peersReason;
    }

    /** The tunnel has ended. */
    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
