package io.portproxy.client;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelView;

/**
 * Tells what happens to a remote's tunnels, and to the remote: it is up while it has one. Any thread; one at a time, as the last
 * that is told of the remote has to be what it is.
 */
final class UplinkEvents {
    private final RemoteEvents events;
    private int tunnels; // that are up

    UplinkEvents(RemoteEvents events) {
        this.events = events;
    }

    /** For what concerns no tunnel that is up. */
    RemoteEvents remote() {
        return events;
    }

    synchronized void tunnelUp(TunnelView tunnel) {
        tunnels++;
        events.tunnelUp(tunnel);
        if (tunnels == 1) {
            events.remoteUp(tunnel.address());
        }
    }

    synchronized void tunnelDown(TunnelView tunnel, Reason reason, String detail) {
        tunnels--;
        events.tunnelDown(tunnel, reason, detail);
        if (tunnels == 0) {
            events.remoteDown(tunnel.address(), reason);
        }
    }
}
