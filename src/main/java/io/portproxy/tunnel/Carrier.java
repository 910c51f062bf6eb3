package io.portproxy.tunnel;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.DatagramFlow;
import io.portproxy.tunnel.stream.StreamInput;
import io.portproxy.tunnel.stream.StreamTerms;
import io.portproxy.tunnel.telemetry.DatagramTotals;
import io.portproxy.tunnel.telemetry.StreamTotals;
import java.time.Duration;

/**
 * Carries users' connections to a remote. It is the view of a tunnel that its role has. Call its methods on its loop,
 * unless they say otherwise.
 */
public interface Carrier {

    /** The loop that owns it. Any thread. */
    EventLoop loop();

    /** The dialect of the protocol. Any thread. */
    Dialect dialect();

    /**
     * Whether the remote can write bytes that are not the user's to a target first, such as a PROXY header. Any thread.
     */
    boolean takesFirstBytes();

    /** Whether it is up, is not being drained, and has fewer streams than it may. Any thread. */
    boolean isAvailable();

    /** Whether it takes no more new streams because it is about to end. Any thread. */
    boolean isLeaving();

    /** The number of streams that are not closed. Any thread. */
    int load();

    /** Whether it can take another stream: it is up, not being drained, and within its limits. */
    boolean takesMore();

    /**
     * Opens a stream for a user's connection; needs {@link #takesMore}. The proxy server's side.
     *
     * @param totals the exposed port's on this loop
     * @param acceptedAt when the user connected, on the clock of the loops
     * @param terms the limits of the user's stream
     */
    void open(Open open, Transport user, StreamInput input, StreamTotals totals, long acceptedAt, StreamTerms terms);

    /** Whether it carries datagrams. Any thread. */
    boolean carriesDatagrams();

    /**
     * Opens a stream that carries a user's datagrams; needs {@link #takesMore} and {@link #carriesDatagrams}. The proxy
     * server's side.
     *
     * @param user the session that gets the target's datagrams
     * @param totals the exposed port's on this loop
     * @param datagrams the exposed port's
     * @param acceptedAt when the user's first came, on the clock of the loops
     */
    DatagramFlow openDatagrams(
            Open open, DatagramFlow.Outlet user, StreamTotals totals, DatagramTotals datagrams, long acceptedAt);

    /**
     * Sends a message about ports that the remote asks for. Nothing is sent if the tunnel has ended, if the peer does
     * not know such messages, or if it does not read.
     */
    void send(ExposeInstruction instruction);

    /** Takes no more new streams, waits up to {@code grace} for the others to end, and ends. */
    void drain(Duration grace);

    /** Resets its streams, sends the reason to the peer if it still reads, and ends. */
    void dismiss(Reason reason, String detail);

    /** The handle for other threads that show or administer it. Any thread. */
    TunnelHandle handle();
}
