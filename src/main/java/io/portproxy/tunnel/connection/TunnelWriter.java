package io.portproxy.tunnel.connection;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramOutput;
import io.portproxy.tunnel.stream.StreamOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent through a tunnel, and in which order.
 *
 * <p>Fairness: while the tunnel's socket takes bytes, streams are read when they are ready. When the socket does not
 * take all, a ready stream queues for a turn and its socket is not read. Once the socket has taken all, the queue is
 * served in order, one frame each. In the extended dialect, streams also queue while the path is full; a stream that
 * has sent little lately then goes first.
 *
 * <p>On the tunnel's loop.
 */
public final class TunnelWriter implements StreamOutput, DatagramOutput {
    private static final int EPOCHS_A_FLIGHT = 8;
    private static final long MIN_EPOCH = 128 * 1024;

    /** After so long a tunnel that got no buffer for data asks for one again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EventLoop loop;
    private final Transport transport;
    private final Owner owner;
    private final InstructionTrace trace;
    private final Outbox outbox;
    private final boolean probes;
    private final InFlightLimit flight;
    private final UnansweredPings unanswered = new UnansweredPings();
    private final ArrayDeque<Turn> turns = new ArrayDeque<>();
    private int epoch;
    private long sentInEpoch;
    private boolean closed;
    private final int datagramLimit;
    private @Nullable DatagramQueue datagrams; // once there was one
    private long left; // bytes that have left since the tunnel began
    private Timers.@Nullable Timer retry; // while there is no memory for data

    /** The tunnel. */
    interface Owner {
        /** The peer has taken bytes, or some have just begun to wait for it. */
        void taken();

        /** Something is to leave, or to be served, when this turn of the loop ends: {@link TunnelWriter#serveTurns}. */
        void endTurnSoon();

        void lose(IOException cause);

        /** A bug was met: nobody knows what has left. */
        void abort();
    }

    /**
     * @param probes whether what is under way is measured with Pings and limited
     * @param datagramLimit bytes of datagrams that may wait for the tunnel's socket
     */
    TunnelWriter(
            EventLoop loop,
            Transport transport,
            boolean probes,
            int datagramLimit,
            Owner owner,
            InstructionTrace trace) {
        this(loop, transport, probes, datagramLimit, owner, trace, new InFlightLimit());
    }

    TunnelWriter(
            EventLoop loop,
            Transport transport,
            boolean probes,
            int datagramLimit,
            Owner owner,
            InstructionTrace trace,
            InFlightLimit flight) {
        this.datagramLimit = datagramLimit;
        this.trace = trace;
        this.probes = probes;
        this.flight = flight;
        this.loop = loop;
        this.transport = transport;
        this.owner = owner;
        this.outbox = new Outbox(loop.outboxes(), loop.chunks());
    }

    /** Bytes that have not left. */
    public long size() {
        return outbox.size();
    }

    /** Whether the tunnel's socket has refused bytes that still wait. */
    public boolean isBlocked() {
        return outbox.isBlocked();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Whether streams wait for a turn that could be had. */
    boolean hasTurns() {
        return !turns.isEmpty() && !outbox.isBlocked() && retry == null && mayGo(false);
    }

    /** A buffer with room for a control instruction of that length. The caller then tells {@link #added}. */
    ByteBuffer controlRoom(int length) {
        return outbox.controlRoom(length);
    }

    /** Counts what the caller has put into {@link #controlRoom}. */
    void added(int length) {
        outbox.added(length);
        owner.endTurnSoon();
        if (trace.isOn()) {
            outbox.traceLast(trace, length);
        }
    }

    @Override
    public boolean takesData(boolean sparse) {
        if (closed || !mayGo(sparse)) {
            return false;
        }
        if (outbox.hasDataRoom()) {
            return true;
        }
        if (!outbox.isBlocked()) {
            flush();
        }
        return !closed && makeDataRoom() && mayGo(sparse);
    }

    /** Without memory all streams wait, and the tunnel asks again after a while. */
    private boolean makeDataRoom() {
        if (outbox.makeDataRoom()) {
            return true;
        }
        if (outbox.isStarved() && retry == null) {
            retry = loop.timers().after(RETRY_NANOS, this::askAgain, owner::abort);
        }
        return false;
    }

    private void askAgain() {
        retry = null;
        owner.endTurnSoon();
    }

    private boolean mayGo(boolean sparse) {
        return !probes || flight.hasRoom(outbox.size()) || (sparse && !flight.isOverfull());
    }

    @Override
    public void smallMessage() {
        if (probes) {
            flight.smallMessage(loop.turnNanos());
        }
    }

    /** Changes whenever about an eighth of what may be in flight, and {@value #MIN_EPOCH} bytes, have been sent. */
    @Override
    public int epoch() {
        return epoch;
    }

    /** Sends a heartbeat behind what waits. */
    void heartbeat() {
        InstructionEncoder.heartbeat(outbox.controlRoom(Wire.HEARTBEAT_LENGTH));
        added(Wire.HEARTBEAT_LENGTH);
    }

    /** Sends a Ping behind what waits. */
    void ping() {
        long now = loop.nanoTime();
        unanswered.sent(now, loop.awakeNanos());
        flight.probing(now, outbox.size());
        InstructionEncoder.ping(outbox.controlRoom(Wire.PING_LENGTH), now);
        added(Wire.PING_LENGTH);
    }

    /**
     * A Pong has come.
     *
     * @return the round trip in nanoseconds, negative if it answers no Ping of ours
     */
    long ponged(long opaque) {
        unanswered.answered(opaque, loop.awakeNanos());
        if (!flight.answered(opaque, loop.nanoTime(), turns.size())) {
            return -1;
        }
        if (hasTurns()
                || flight.wantsProbe(outbox.size())) { // with a lower limit, what is under way may need another Ping
            owner.endTurnSoon();
        }
        return flight.lastRoundTrip();
    }

    /** Our Pings that the peer owes an answer to. */
    UnansweredPings unanswered() {
        return unanswered;
    }

    @Override
    public int mostData() {
        return probes && !flight.isPrompt() ? Wire.MAX_DATA_SENT : Wire.MAX_SHORT_DATA_SENT;
    }

    @Override
    public boolean isPrompt() {
        return flight.isPrompt();
    }

    @Override
    public ByteBuffer dataRoom(int most) {
        return outbox.dataRoom(most);
    }

    @Override
    public void addData(long identity, int length) {
        outbox.addData(identity, length);
        if (length > 0) {
            owner.endTurnSoon();
            if (trace.isOn()) {
                trace.sentData(identity, length);
            }
        }
    }

    @Override
    public @Nullable DatagramDrop send(long identity, ByteBuffer data, Share share) {
        if (closed) {
            return DatagramDrop.TUNNEL_FULL;
        }
        DatagramQueue queue = datagrams;
        if (queue == null) {
            queue = new DatagramQueue(datagramLimit);
            datagrams = queue;
        }
        int length = Wire.DATAGRAM_HEAD + data.remaining();
        DatagramDrop refusal = refusal(queue, length, share);
        if (refusal != null && !outbox.isBlocked()) {
            flush(); // nothing is in their way but this turn of the loop
            refusal = closed ? refusal : refusal(queue, length, share);
        }
        if (refusal != null) {
            return refusal;
        }
        if (!outbox.addDatagram(identity, data)) {
            return DatagramDrop.NO_MEMORY;
        }
        queue.add(length, share, left + outbox.size());
        owner.endTurnSoon();
        if (trace.isOn()) {
            trace.sentDatagram(identity, length);
        }
        return null;
    }

    /** Behind as much as the path takes, and a queue of datagrams, another one would only delay streams: it comes too late anyhow. */
    private @Nullable DatagramDrop refusal(DatagramQueue queue, int length, Share share) {
        boolean fits = !probes || flight.hasRoom(outbox.size() + length - datagramLimit);
        return fits ? queue.refusal(length, share) : DatagramDrop.TUNNEL_FULL;
    }

    @Override
    public void queueForTurn(Turn stream) {
        if (!closed) {
            turns.add(stream);
            if (hasTurns()) {
                owner.endTurnSoon();
            }
        }
    }

    /** Writes what waits, gives the streams in the queue a turn each, and writes that. */
    void serveTurns() {
        flush();
        probeAhead();
        for (int n = turns.size(); n > 0 && takesData(false); n--) {
            turns.remove().turn();
        }
        flush();
    }

    /** Behind the instructions that have just left, and ahead of data: nobody asks again before a frame is in the way. */
    private void probeAhead() {
        if (probes && !closed && !outbox.isBlocked() && flight.wantsProbeAhead(outbox.size())) {
            ping();
            flush();
        }
    }

    /** Writes as much as the tunnel's socket takes. */
    public void flush() {
        if (closed) {
            return;
        }
        boolean wasBlocked = outbox.isBlocked();
        if (probes && !wasBlocked && flight.wantsProbe(outbox.size())) {
            ping();
        }
        long sentBefore = transport.sent();
        try {
            long written = outbox.flush(transport);
            left += written;
            if (datagrams != null) {
                datagrams.left(left);
            }
            flight.sent(written);
            countEpoch(written);
            transport.flush();
            if (outbox.hasLost()) {
                throw new IOException("no memory is left for what leaves through it (portproxy.buffer-memory)");
            }
            if (transport.sent() != sentBefore || (outbox.isBlocked() && !wasBlocked)) {
                owner.taken();
            }
        } catch (IOException e) {
            owner.lose(e);
        }
    }

    private void countEpoch(long written) {
        sentInEpoch += written;
        if (sentInEpoch >= Math.max(MIN_EPOCH, flight.limit() / EPOCHS_A_FLIGHT)) {
            sentInEpoch = 0;
            epoch++;
        }
    }

    /** Takes nothing more, and throws away what waits. */
    void close() {
        closed = true;
        if (retry != null) {
            retry.cancel();
        }
        outbox.clear();
        turns.clear();
    }
}
