package io.portproxy.client;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.RemoteEvents;
import io.portproxy.tunnel.TunnelView;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells what happens to a remote's tunnels, and to the remote: it is up while it has one. Any thread. */
final class UplinkEvents {
    private final RemoteEvents events;
    private final AtomicInteger tunnels = new AtomicInteger();

    UplinkEvents(RemoteEvents events) {
        this.events = events;
    }

    /** For what concerns no tunnel that is up. */
    RemoteEvents remote() {
        return events;
    }

    void tunnelUp(TunnelView tunnel) {
        events.tunnelUp(tunnel);
        if (tunnels.getAndIncrement() == 0) {
            events.remoteUp(tunnel.address());
        }
    }

    void tunnelDown(TunnelView tunnel, Reason reason, String detail) {
        events.tunnelDown(tunnel, reason, detail);
        if (tunnels.decrementAndGet() == 0) {
            events.remoteDown(tunnel.address(), reason);
        }
    }
}
