package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests classic sessions with thousands of random histories. Each history is compared with a simple model after every step. */
class SessionSimulationTest {
    private static final int SEEDS = 3000;
    private static final int STEPS = 150;
    private static final int STREAM_BUFFER = 100;
    private static final int TUNNEL_BUFFER = 400;
    private static final long STALL = 50;
    private static final int MAX_STREAMS = 12;
    private static final SessionLimits LIMITS =
            new SessionLimits(STREAM_BUFFER, TUNNEL_BUFFER, Duration.ofNanos(STALL), MAX_STREAMS, 4096, 4096);
    private static final int IDENTITIES = 16; // few, so that identities are used again

    @Test
    void keepsItsPromisesWhateverHappens() {
        long ended = 0;
        long pauses = 0;
        long stalls = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            History history = new History(seed);
            try {
                history.run();
            } catch (AssertionError | RuntimeException | ProtocolException e) {
                throw new AssertionError("seed " + seed, e);
            }
            ended += history.all.size();
            pauses += history.pauses;
            stalls += history.all.stream().filter(socket -> socket.stalled).count();
        }
        // These counts prove that the histories reach the cases that they must check.
        assertThat(ended).isGreaterThan(10L * SEEDS);
        assertThat(pauses).isGreaterThan(SEEDS);
        assertThat(stalls).isGreaterThan(SEEDS / 10);
    }

    /** One session, its sockets, and the state that they should have. */
    private static final class History implements SessionOutput {
        final Random random;
        final MemoryCeiling memory = new MemoryCeiling(1 << 20);
        final Session session = new ClassicSession(LIMITS, this, memory, () -> this.now);
        final List<Socket> all = new ArrayList<>();
        final Map<Long, Socket> known = new HashMap<>(); // those that the peer knows
        long now;
        boolean reading = true;
        boolean totalOver;
        long pauses;

        History(int seed) {
            random = new Random(seed);
            now = random.nextBoolean() ? 0 : Long.MAX_VALUE - 500;
        }

        void run() throws ProtocolException {
            for (int i = 0; i < STEPS; i++) {
                step();
                check();
            }
            session.cut(Reason.TUNNEL_LOST);
            known.clear();
            check();
            all.forEach(socket -> socket.drain(Long.MAX_VALUE));
            check();
            assertThat(session.live()).isZero();
            assertThat(session.waiting()).isZero();
            assertThat(all).allMatch(socket -> socket.ends == 1);
        }

        void step() throws ProtocolException {
            long identity = random.nextInt(IDENTITIES);
            switch (random.nextInt(10)) {
                case 0, 1 -> add(identity);
                case 2, 3, 4, 5 -> {
                    if (reading || random.nextInt(4) == 0) { // data that was read before the pause still comes
                        session.data(identity, ByteBuffer.allocate(1 + random.nextInt(90)));
                    }
                }
                case 6 -> any().drain(random.nextInt(150));
                case 7 -> {
                    if (random.nextInt(3) == 0) {
                        known.remove(identity);
                        session.closeConnection(identity);
                    }
                }
                case 8 -> endOne();
                default -> {
                    now += random.nextInt(40);
                    session.checkStall();
                    assertThat(all).noneMatch(socket -> socket.isOver() && now - socket.overSince >= STALL);
                }
            }
        }

        void add(long identity) {
            if (!session.hasRoom()) {
                return;
            }
            Socket socket = new Socket(this);
            boolean inUse = known.containsKey(identity);
            try {
                socket.stream = session.add(identity, socket);
                assertThat(inUse).isFalse();
            } catch (ProtocolException e) {
                assertThat(inUse).isTrue();
                return;
            }
            known.put(identity, socket);
            all.add(socket);
        }

        void endOne() {
            Socket socket = any();
            if (socket.stream == null) {
                return;
            }
            switch (random.nextInt(5)) {
                case 0 -> session.end(socket.stream, Reason.USER_RESET);
                case 1 -> session.refuse(socket.stream, Reason.DENIED);
                case 2 -> session.inputEnded(socket.stream);
                case 3 -> socket.breaks = true;
                default -> socket.takes += 30;
            }
        }

        Socket any() {
            return all.isEmpty() ? new Socket(this) : all.get(random.nextInt(all.size()));
        }

        void check() {
            long waiting = all.stream().mapToLong(socket -> socket.queued).sum();
            assertThat(session.waiting()).isEqualTo(waiting);
            assertThat(memory.used()).isEqualTo(waiting);
            long live = all.stream().filter(socket -> socket.ends == 0).count();
            assertThat(session.live()).isEqualTo((int) live);
            assertThat(session.hasRoom()).isEqualTo(live < MAX_STREAMS);
            long open = all.stream().filter(Socket::isOpen).count();
            assertThat(open).isEqualTo(known.size());
            boolean over = totalOver || all.stream().anyMatch(Socket::isOver);
            assertThat(reading).isEqualTo(!over);
            assertThat(all).allMatch(socket -> socket.ends <= 1);
            assertThat(all)
                    .allMatch(
                            socket -> socket.ends == 1 || (socket.stream.state == StreamState.OPEN) == socket.isOpen());
        }

        /** Updates the model after each change. Both limits have a hysteresis, so no change may be left out. */
        void changed(Socket socket) {
            boolean wasOver = socket.over;
            socket.over = socket.isOpen()
                    && (socket.queued > STREAM_BUFFER || (wasOver && socket.queued > STREAM_BUFFER / 2));
            if (socket.over && !wasOver) {
                socket.overSince = now;
            }
            long waiting = all.stream().mapToLong(each -> each.queued).sum();
            boolean wasTotalOver = totalOver;
            totalOver = waiting > TUNNEL_BUFFER || (wasTotalOver && waiting > TUNNEL_BUFFER / 2);
        }

        @Override
        public void sendCloseConnection(long identity) {
            // The session sends this once, and only for a stream that the peer has not ended.
            assertThat(known.remove(identity)).isNotNull();
        }

        @Override
        public long roundTripNanos() {
            return -1;
        }

        @Override
        public void sendOpened(long identity) {
            throw new AssertionError("Opened in the classic dialect");
        }

        @Override
        public void sendEnd(long identity) {
            throw new AssertionError("End in the classic dialect");
        }

        @Override
        public void sendReset(long identity, Reason reason) {
            throw new AssertionError("Reset in the classic dialect");
        }

        @Override
        public void sendWindow(long identity, long delivered, long window) {
            throw new AssertionError("Window in the classic dialect");
        }

        @Override
        public void reading(boolean allowed) {
            assertThat(allowed).isNotEqualTo(reading);
            reading = allowed;
            pauses += allowed ? 0 : 1;
        }
    }

    private static final class Socket implements Endpoint {
        final History history;
        Stream stream;
        long takes;
        long queued;
        boolean breaks;
        boolean finishing;
        boolean over;
        boolean stalled;
        long overSince;
        long progressAt;
        int ends;

        Socket(History history) {
            this.history = history;
        }

        boolean isOpen() {
            return ends == 0 && !finishing;
        }

        boolean isOver() {
            return over && isOpen();
        }

        void drain(long bytes) {
            long taken = Math.min(bytes, queued);
            if (taken > 0) {
                queued -= taken;
                progressAt = history.now;
                history.changed(this);
                history.session.waiting(stream, queued);
                history.session.delivered(stream, taken);
                endIfDone();
            }
        }

        @Override
        public void deliver(ByteBuffer data) {
            assertThat(isOpen()).isTrue();
            if (breaks) {
                history.session.end(stream, Reason.TARGET_RESET);
                return;
            }
            long taken = queued > 0 ? 0 : Math.min(takes, data.remaining());
            takes -= taken;
            progressAt = queued == 0 ? history.now : progressAt;
            queued += data.remaining() - taken;
            history.changed(this);
            history.session.waiting(stream, queued);
        }

        @Override
        public void finish() {
            throw new AssertionError("the classic dialect has no half-close");
        }

        @Override
        public void release() {
            throw new AssertionError("the classic dialect has no half-close");
        }

        @Override
        public void sendRoomGrew() {
            throw new AssertionError("the classic dialect has no windows");
        }

        @Override
        public void finishAndClose() {
            assertThat(isOpen()).isTrue();
            finishing = true;
            history.changed(this);
            endIfDone();
        }

        private void endIfDone() {
            if (finishing && queued == 0) {
                ends++;
                history.session.outputEnded(stream);
            }
        }

        @Override
        public void reset(Reason reason) {
            if (reason == Reason.STALLED) {
                stalled = true;
                boolean own = isOver() && history.now - overSince >= STALL;
                boolean all = history.totalOver && queued > 0 && history.now - progressAt >= STALL;
                boolean next = queued >= STREAM_BUFFER / 4 && history.now - progressAt >= STALL;
                assertThat(own || all || next).isTrue();
            }
            ends++;
            queued = 0;
            over = false;
            history.changed(this);
        }
    }
}
