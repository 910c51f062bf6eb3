package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.LogLimit;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The events and log lines about the tunnels of a remote that come up or end, and about the remote itself. On the
 * remote's loop.
 */
final class TunnelNews {
    private static final Logger log = LoggerFactory.getLogger(TunnelNews.class);

    /** Lines in ten seconds. A name without tokens is open to anybody, who could connect as often as they like. */
    private static final int LINES = 100;

    private final String remote;
    private final RemoteEvents events;
    private final LogLimit lines;
    private boolean up; // as the last event said

    TunnelNews(String remote, RemoteEvents events, EventLoop loop) {
        this.remote = remote;
        this.events = events;
        this.lines = new LogLimit(loop::nanoTime, LINES);
    }

    void tunnelUp(TunnelView tunnel) {
        events.tunnelUp(tunnel);
        if (!up) {
            up = true;
            events.remoteUp(tunnel.address());
        }
        String line = "remote {} is connected from {} ({}, {})";
        events.logFields()
                .log(() -> lines.log(
                        log, Level.INFO, line, remote, tunnel.address(), tunnel.dialect(), tunnel.security()));
    }

    /**
     * Reports that a tunnel has ended.
     *
     * @param wasUp whether it was reported as up
     * @param last whether the remote has no other tunnel: a remote whose tunnel is replaced is not down meanwhile
     */
    void tunnelDown(TunnelView tunnel, boolean wasUp, boolean last, Reason reason, String detail) {
        if (wasUp) {
            events.tunnelDown(tunnel, reason, detail);
        }
        if (up && last) {
            up = false;
            events.remoteDown(tunnel.address(), reason);
        }
        String line = "remote {} at {} is disconnected: {}: {}";
        events.logFields()
                .andReason(reason.key())
                .log(() -> lines.log(log, Level.INFO, line, remote, tunnel.address(), reason.text(), detail));
    }
}
