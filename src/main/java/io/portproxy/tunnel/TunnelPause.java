package io.portproxy.tunnel;

import io.portproxy.mux.PauseCause;
import io.portproxy.mux.Session;
import io.portproxy.net.EventLoop;
import io.portproxy.net.LogFields;
import io.portproxy.net.Timers;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a tunnel is not read, because too many bytes wait for the sockets of its streams. It counts the
 * pauses. During a pause it asks the session at regular intervals to check which streams have stalled. On the tunnel's
 * loop.
 */
final class TunnelPause {
    private static final Logger log = LoggerFactory.getLogger(TunnelPause.class);

    private static final int LOOKS_PER_STALL = 8;

    /** The tunnel. */
    interface Owner {
        LogFields logFields();

        /** Is called after a bug: nothing else would end the pause. */
        void abort();
    }

    private final EventLoop loop;
    private final Session session;
    private final long lookNanos;
    private final TunnelTotals totals;
    private final Owner owner;
    private boolean on;
    private PauseCause cause = PauseCause.TUNNEL_BUFFER; // of the current pause
    private long begunAt;
    private Timers.@Nullable Timer timer;

    TunnelPause(EventLoop loop, Session session, TunnelTotals totals, Owner owner) {
        this.loop = loop;
        this.session = session;
        this.lookNanos = session.limits().stallTimeout().toNanos() / LOOKS_PER_STALL;
        this.totals = totals;
        this.owner = owner;
    }

    /** Returns whether the tunnel is paused at present. */
    boolean isOn() {
        return on;
    }

    void begin() {
        cause = session.pauseCause();
        begunAt = loop.nanoTime();
        watchStall();
        on = true;
        loop.guarded(() -> totals.addPause(cause));
        if (log.isDebugEnabled()) {
            String line = "{} is not read until {} bytes that wait have gone";
            owner.logFields().log(() -> log.debug(line, owner, session.waiting()));
        }
    }

    /** Ends the pause. Does nothing if there is none. */
    void end() {
        if (on) {
            on = false;
            loop.guarded(() -> totals.addPaused(cause, loop.nanoTime() - begunAt));
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private void watchStall() {
        timer = loop.timers().afterAwake(lookNanos, this::look, owner::abort);
    }

    private void look() {
        session.checkStall();
        if (on) {
            watchStall();
        }
    }
}
