package io.portproxy.tunnel;

import io.portproxy.mux.PauseCause;
import io.portproxy.net.Timers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a tunnel is not read, because too much waits for its streams' sockets. Is counted, and the session is
 * made to look now and then which of the streams have stalled. On the tunnel's loop.
 */
final class TunnelPause {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    private static final int LOOKS_PER_STALL = 8;

    private final Tunnel tunnel;
    private boolean on;
    private PauseCause cause = PauseCause.TUNNEL_BUFFER; // of the pause that there is
    private long begunAt;
    private Timers.@Nullable Timer timer;

    TunnelPause(Tunnel tunnel) {
        this.tunnel = tunnel;
    }

    /** Whether the tunnel is not read just now. */
    boolean isOn() {
        return on;
    }

    void begin() {
        cause = tunnel.session().pauseCause();
        begunAt = tunnel.loop().nanoTime();
        watchStall();
        on = true;
        tunnel.owner().totals().addPause(cause);
        if (log.isDebugEnabled()) {
            String line = "{} is not read until {} bytes that wait have gone";
            tunnel.owner()
                    .events()
                    .logFields()
                    .log(() -> log.debug(line, tunnel, tunnel.session().waiting()));
        }
    }

    /** Does nothing when there is none. */
    void end() {
        if (on) {
            on = false;
            tunnel.owner().totals().addPaused(cause, tunnel.loop().nanoTime() - begunAt);
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    private void watchStall() {
        long interval = tunnel.settings().stallTimeout().toNanos() / LOOKS_PER_STALL;
        timer = tunnel.loop().timers().afterAwake(interval, this::look, tunnel::abort);
    }

    private void look() {
        tunnel.session().checkStall();
        if (on) {
            watchStall();
        }
    }
}
