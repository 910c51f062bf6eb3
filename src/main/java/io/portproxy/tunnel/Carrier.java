package io.portproxy.tunnel;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Open;
import io.portproxy.tunnel.stream.DatagramFlow;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.stream.StreamTerms;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamTotals;
import io.portproxy.tunnel.telemetry.TunnelAbilities;

/**
 * A tunnel as those who open streams in it see it: it carries users' connections to a remote. Call its methods on its
 * loop, unless they say otherwise.
 */
public interface Carrier extends TunnelAbilities {

    /** Returns the loop that owns the tunnel. Any thread. */
    EventLoop loop();

    /** Returns whether the tunnel is up, is not being drained, and has fewer streams than its limit. Any thread. */
    boolean isAvailable();

    /** Returns whether the tunnel takes no more new streams because it is about to end. Any thread. */
    boolean isLeaving();

    /** Returns the number of streams that are not closed. Any thread. */
    int load();

    /** Returns whether the tunnel can take another stream: it is up, is not being drained, and is within its limits. */
    boolean takesMore();

    /**
     * Opens a stream for a user's connection. Requires {@link #takesMore}. For the proxy server's side.
     *
     * @param totals the counters of the exposed port on this loop
     * @param acceptedAt when the user connected, on the clock of the loops
     * @param terms the limits of the user's stream
     */
    void open(Open open, Transport user, StreamInput input, StreamTotals totals, long acceptedAt, StreamTerms terms);

    /**
     * Opens a stream that carries a user's datagrams. Requires {@link #takesMore} and {@link #carriesDatagrams}. For
     * the proxy server's side.
     *
     * @param user the session that gets the target's datagrams
     * @param totals the counters of the exposed port on this loop
     * @param datagrams the exposed port's counters of datagrams
     * @param acceptedAt when the user's first datagram arrived, on the clock of the loops
     */
    DatagramFlow openDatagrams(
            Open open, DatagramFlow.Outlet user, StreamTotals totals, DatagramTotals datagrams, long acceptedAt);
}
