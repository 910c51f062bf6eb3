package io.portproxy.client;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelView;

/**
 * Reports events of a remote's tunnels, and of the remote, which is up while it has a tunnel. Any thread. One call at a time, so that the
 * last event of the remote matches its state.
 */
final class UplinkEvents {
    private final RemoteEvents events;
    private int tunnels; // the number of tunnels that are up

    UplinkEvents(RemoteEvents events) {
        this.events = events;
    }

    /** Returns the events that concern no tunnel that is up. */
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
