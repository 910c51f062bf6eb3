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

/** Carries users' connections to a remote: a tunnel, as the role that has it sees it. On its loop, where nothing else is said. */
public interface Carrier {

    /** The loop that owns it. Any thread. */
    EventLoop loop();

    /** What is spoken. Any thread. */
    Dialect dialect();

    /** Whether the remote writes to a target what is not the user's, ahead of all else. Any thread. */
    boolean takesFirstBytes();

    /** Whether it is up, is not being drained, and has fewer streams than it may. Any thread. */
    boolean isAvailable();

    /** Whether it takes no new streams any more, as it is about to end. Any thread. */
    boolean isLeaving();

    /** Streams that are not closed. Any thread. */
    int load();

    /** Whether it can take another stream: it is up, not being drained, and within its limits. */
    boolean takesMore();

    /**
     * Opens a stream for a user's connection; needs {@link #takesMore}. The proxy server's side.
     *
     * @param totals the exposed port's on this loop
     * @param acceptedAt when the user connected, on the clock of the loops
     * @param terms on which the user has it
     */
    void open(Open open, Transport user, StreamInput input, StreamTotals totals, long acceptedAt, StreamTerms terms);

    /** Whether it carries datagrams. Any thread. */
    boolean carriesDatagrams();

    /**
     * Opens a stream that carries a user's datagrams; needs {@link #takesMore} and {@link #carriesDatagrams}. The proxy server's side.
     *
     * @param user gets the target's
     * @param totals the exposed port's on this loop
     * @param datagrams the exposed port's
     * @param acceptedAt when the user's first came, on the clock of the loops
     */
    DatagramFlow openDatagrams(
            Open open, DatagramFlow.Outlet user, StreamTotals totals, DatagramTotals datagrams, long acceptedAt);

    /** Says something about ports that the remote asks for, unless it has ended or cannot; a peer that does not read is told nothing. */
    void send(ExposeInstruction instruction);

    /** Takes no new streams, lets the others end, at most for {@code grace}, and ends. */
    void drain(Duration grace);

    /** Resets its streams, tells the peer why if it still listens, and ends. */
    void dismiss(Reason reason, String detail);

    /** For those who watch and administer it. Any thread. */
    TunnelHandle handle();
}
