package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;

/** One end of a simulated tunnel: a session, its sockets, and the queue of instructions that are on their way to it. */
final class ExtendedSimulatedSide implements SessionOutput {
    /** The most bytes of data in one InsData. */
    static final int MAX_FRAME = 64;

    /** An instruction that arrives. */
    interface Arrival {
        void happen() throws ProtocolException;
    }

    final ExtendedSession session;
    final List<ExtendedSimulatedSocket> sockets = new ArrayList<>(); // those that are not over
    boolean stalled; // whether the link towards this side is stalled
    boolean dropsStalled; // whether the session may drop stalled streams now
    long pauses;
    long blocks;
    long windows;
    private final SessionLimits limits;
    private final Queue<Arrival> arriving = new ArrayDeque<>();
    private ExtendedSimulatedSide other;
    private boolean reading = true;
    private boolean cut;

    ExtendedSimulatedSide(SessionLimits limits, long peerWindow, MemoryCeiling memory, LongSupplier clock) {
        this.limits = limits;
        session = new ExtendedSession(limits, peerWindow, this, memory, clock);
    }

    void join(ExtendedSimulatedSide otherSide) {
        other = otherSide;
    }

    /** Takes up to that many instructions from the link. Returns whether there was one. */
    boolean receive(int most) throws ProtocolException {
        int count = 0;
        while (count < most && reading && !stalled && !cut && !arriving.isEmpty()) {
            arriving.remove().happen();
            count++;
        }
        return count > 0;
    }

    /** Sends an instruction, which the other side receives in its turn. */
    void send(Arrival arrival) {
        if (!cut && !other.cut) {
            other.arriving.add(arrival);
        }
    }

    void sendData(long identity, byte[] data) {
        send(() -> other.session.data(identity, ByteBuffer.wrap(data)));
    }

    /** Ends the tunnel's connection as this side sees it. Instructions on their way to the other side may still arrive. */
    void cut() {
        cut = true;
        arriving.clear();
        sockets.forEach(socket -> socket.connection.causes.add(Reason.TUNNEL_LOST));
        session.cut(Reason.TUNNEL_LOST);
        assertThat(sockets)
                .as("after a cut only what was refused is still delivered")
                .allMatch(socket -> socket.isOver() || socket.isRefused());
    }

    boolean isCut() {
        return cut;
    }

    void checkStall() {
        dropsStalled = !reading || session.memory.isExceeded(); // other tunnels may have used up the memory meanwhile
        session.checkStall();
        dropsStalled = false;
    }

    @Override
    public void sendCloseConnection(long identity) {
        throw new AssertionError("InsCloseConnection in the extended dialect");
    }

    @Override
    public long roundTripNanos() {
        return -1;
    }

    @Override
    public void sendOpened(long identity) {
        send(() -> {});
    }

    @Override
    public void sendEnd(long identity) {
        send(() -> other.session.peerEnded(identity));
    }

    @Override
    public void sendReset(long identity, Reason reason) {
        send(() -> other.session.peerReset(identity, reason));
    }

    @Override
    public void sendWindow(long identity, long delivered, long window) {
        windows++;
        send(() -> other.session.peerWindow(identity, delivered, window));
    }

    @Override
    public void reading(boolean allowed) {
        assertThat(allowed).isNotEqualTo(reading);
        reading = allowed;
        pauses += allowed ? 0 : 1;
    }

    /** Checks what must be true at any time. */
    void check() {
        sockets.removeIf(ExtendedSocket::isOver);
        assertThat(session.live()).isEqualTo(sockets.size()).isLessThanOrEqualTo(limits.maxStreams());
        long waiting = 0;
        for (ExtendedSimulatedSocket socket : sockets) {
            waiting += socket.queued();
            socket.check(limits.maxWindow());
        }
        assertThat(session.waiting()).isEqualTo(waiting);
        assertThat(waiting).isLessThanOrEqualTo(limits.tunnelBuffer() + MAX_FRAME);
        if (waiting == 0) {
            assertThat(reading).isTrue();
        } else if (waiting > limits.tunnelBuffer()) {
            assertThat(reading).isFalse();
        }
    }
}
