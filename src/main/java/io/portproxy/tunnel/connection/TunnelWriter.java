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
 * take all bytes, a ready stream queues for a turn and its socket is not read. After the socket has taken all bytes,
 * the streams in the queue send one frame each, in order. In the extended dialect, streams also queue while the path is
 * full; a stream that has sent little recently then goes first.
 *
 * <p>On the tunnel's loop.
 */
public final class TunnelWriter implements StreamOutput, DatagramOutput {
    private static final int EPOCHS_A_FLIGHT = 8;
    private static final long MIN_EPOCH = 128 * 1024;

    /** A tunnel that got no buffer for data asks again after this time. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EventLoop loop;
    private final Transport transport;
    private final TunnelState.Reader life;
    private final Owner owner;
    private final InstructionTrace trace;
    private final Outbox outbox;
    private final boolean probes;
    private final InFlightLimit flight;
    private final UnansweredPings unanswered = new UnansweredPings();
    private final ArrayDeque<Turn> turns = new ArrayDeque<>();
    private int epoch;
    private long sentInEpoch;
    private final int datagramLimit;
    private @Nullable DatagramQueue datagrams; // null before the first datagram
    private long left; // bytes that have left since the tunnel began
    private Timers.@Nullable Timer retry; // set while there is no memory for data

    /** The connection, as the writer sees it. */
    interface Owner {
        /** Is called when the peer has taken bytes, or when bytes have just begun to wait for the peer. */
        void taken();

        /**
         * Is called when something has to leave, or a stream has to be served, at the end of this turn of the loop. The
         * owner then calls {@link TunnelWriter#serveTurns}.
         */
        void endTurnSoon();

        void lose(IOException cause);

        /** Is called after a bug: nobody knows which bytes have left. */
        void abort();
    }

    /**
     * @param probes whether Pings measure the bytes in flight, and limit them
     * @param datagramLimit how many bytes of datagrams may wait for the tunnel's socket
     * @param life says when the tunnel has ended; the writer then accepts nothing more
     */
    TunnelWriter(
            EventLoop loop,
            Transport transport,
            boolean probes,
            int datagramLimit,
            TunnelState.Reader life,
            Owner owner,
            InstructionTrace trace) {
        this(loop, transport, probes, datagramLimit, life, owner, trace, new InFlightLimit());
    }

    TunnelWriter(
            EventLoop loop,
            Transport transport,
            boolean probes,
            int datagramLimit,
            TunnelState.Reader life,
            Owner owner,
            InstructionTrace trace,
            InFlightLimit flight) {
        this.datagramLimit = datagramLimit;
        this.trace = trace;
        this.probes = probes;
        this.flight = flight;
        this.loop = loop;
        this.transport = transport;
        this.life = life;
        this.owner = owner;
        this.outbox = new Outbox(loop.outboxes(), loop.chunks());
    }

    /** Returns the number of bytes that have not left. */
    public long size() {
        return outbox.size();
    }

    /** Returns whether the tunnel's socket has refused bytes that still wait. */
    public boolean isBlocked() {
        return outbox.isBlocked();
    }

    @Override
    public boolean isClosed() {
        return life.state().isEnded();
    }

    /** Returns whether streams wait for a turn, and the tunnel can give one. */
    boolean hasTurns() {
        return !turns.isEmpty() && !outbox.isBlocked() && retry == null && mayGo(false);
    }

    /** Returns a buffer with room for a control instruction of that length. The caller then calls {@link #added}. */
    ByteBuffer controlRoom(int length) {
        return outbox.controlRoom(length);
    }

    /** Counts the bytes that the caller has put into {@link #controlRoom}. */
    void added(int length) {
        outbox.added(length);
        owner.endTurnSoon();
        if (trace.isOn()) {
            outbox.traceLast(trace, length);
        }
    }

    @Override
    public boolean takesData(boolean sparse) {
        if (isClosed() || !mayGo(sparse)) {
            return false;
        }
        if (outbox.hasDataRoom()) {
            return true;
        }
        if (!outbox.isBlocked()) {
            flush();
        }
        return !isClosed() && makeDataRoom() && mayGo(sparse);
    }

    /** Makes room for data. Without memory all streams wait, and the tunnel asks again after {@link #RETRY_NANOS}. */
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

    /**
     * Returns a number that changes each time the tunnel has sent about an eighth of the bytes that may be in flight,
     * but at least {@value #MIN_EPOCH} bytes.
     */
    @Override
    public int epoch() {
        return epoch;
    }

    /** Sends a heartbeat after the waiting bytes. */
    void heartbeat() {
        InstructionEncoder.heartbeat(outbox.controlRoom(Wire.HEARTBEAT_LENGTH));
        added(Wire.HEARTBEAT_LENGTH);
    }

    /** Sends a Ping after the waiting bytes. */
    void ping() {
        long now = loop.nanoTime();
        unanswered.sent(now, loop.awakeNanos());
        flight.probing(now, outbox.size());
        InstructionEncoder.ping(outbox.controlRoom(Wire.PING_LENGTH), now);
        added(Wire.PING_LENGTH);
    }

    /**
     * Handles a Pong.
     *
     * @return the round trip in nanoseconds; negative if the Pong answers no Ping of this side
     */
    long ponged(long opaque) {
        unanswered.answered(opaque, loop.awakeNanos());
        if (!flight.answered(opaque, loop.nanoTime(), turns.size())) {
            return -1;
        }
        if (hasTurns() || flight.wantsProbe(outbox.size())) { // with a lower limit, another Ping may be due
            owner.endTurnSoon();
        }
        return flight.lastRoundTrip();
    }

    /** Returns the Pings of this side that the peer has not answered. */
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
        if (isClosed()) {
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
            flush(); // only this turn of the loop is in their way
            refusal = isClosed() ? refusal : refusal(queue, length, share);
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

    /**
     * Returns why a datagram is dropped; null if it fits. If as many bytes wait as the path takes, and a full queue of
     * datagrams as well, another datagram would only delay streams, and it would arrive too late.
     */
    private @Nullable DatagramDrop refusal(DatagramQueue queue, int length, Share share) {
        boolean fits = !probes || flight.hasRoom(outbox.size() + length - datagramLimit);
        return fits ? queue.refusal(length, share) : DatagramDrop.TUNNEL_FULL;
    }

    @Override
    public void queueForTurn(Turn stream) {
        if (!isClosed()) {
            turns.add(stream);
            if (hasTurns()) {
                owner.endTurnSoon();
            }
        }
    }

    /** Writes the waiting bytes, gives each stream in the queue a turn, and writes the new bytes. */
    void serveTurns() {
        flush();
        probeAhead();
        for (int n = turns.size(); n > 0 && takesData(false); n--) {
            turns.remove().turn();
        }
        flush();
    }

    /**
     * Sends a Ping after the instructions that have just left and ahead of data. After the next frame it would be too
     * late.
     */
    private void probeAhead() {
        if (probes && !isClosed() && !outbox.isBlocked() && flight.wantsProbeAhead(outbox.size())) {
            ping();
            flush();
        }
    }

    /** Writes as many bytes as the tunnel's socket takes. */
    public void flush() {
        if (isClosed()) {
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
                throw new IOException("no buffer memory is left for the data to send (portproxy.buffer-memory)");
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

    /** Discards the waiting bytes, because the tunnel has ended. */
    void close() {
        if (retry != null) {
            retry.cancel();
        }
        outbox.clear();
        turns.clear();
    }
}
