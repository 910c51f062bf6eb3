package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.connection.TunnelTerms;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import io.portproxy.tunnel.telemetry.TunnelTotals;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that either side measures the round trip of its tunnel. The other end of the tunnel is made by hand. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class RoundTripTest {
    private static final int WINDOW = 65_536;

    private final boolean isServer;
    private final EventLoopGroup loops = new EventLoopGroup("round-trip-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final CompletableFuture<Reason> closed = new CompletableFuture<>();
    private TestPeer peer;
    private Tunnel tunnel;
    private long started;

    RoundTripTest(boolean isServer) {
        this.isServer = isServer;
    }

    @BeforeEach
    void start() throws Exception {
        started = System.nanoTime();
        loops.start();
        SocketChannel channel;
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(TestSettings.anyPort())) {
            peer = TestPeer.connect(Dialect.EXTENDED, (InetSocketAddress) listener.getLocalAddress());
            channel = listener.accept();
        }
        channel.configureBlocking(false);
        tunnel = new Tunnel(
                loop,
                Transport.plain(channel),
                "a peer",
                TestSettings.tunnel().withHeartbeatInterval(Duration.ofMillis(20)),
                TunnelTerms.extended(isServer, Features.NONE, WINDOW),
                new MemoryCeiling(64 << 20),
                new Owner());
        loop.execute(() -> tunnel.start(ByteBuffer.allocate(0)));
    }

    @AfterEach
    void stop() throws Exception {
        loop.execute(() -> tunnel.lose(Reason.GOING_AWAY, "the test is over"));
        assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
        loops.close();
        peer.close();
    }

    private final class Owner implements TunnelOwner {
        @Override
        public void open(TunnelStreams streams, Open open) throws ProtocolException {
            throw new ProtocolException("no stream is opened here");
        }

        @Override
        public void expose(ExposeInstruction instruction) {
            throw new IllegalStateException("no port is asked for here");
        }

        @Override
        public TunnelTotals totals() {
            return new TunnelTotals();
        }

        @Override
        public RemoteEvents events() {
            return new RemoteEvents(EventSink.NONE, isServer, "r");
        }

        @Override
        public void streamsOver(TunnelControl ended) {
            throw new IllegalStateException("there was no stream");
        }

        @Override
        public void closed(TunnelControl ended, Reason reason, String detail) {
            closed.complete(reason);
        }
    }

    /** Returns the round trip; negative while there is none. */
    private long roundTripNanos() {
        return tunnel.handle().view().roundTripNanos().orElse(-1L);
    }

    @Test
    void thereIsNoneBeforeAnAnswer() throws Exception {
        for (int i = 0; i < 3; i++) {
            peer.nextOf(0x001A);
        }
        peer.send(Instruction.ping(1));
        peer.nextOf(0x001B);
        assertThat(roundTripNanos()).isNegative();
    }

    @Test
    void anAnswerToNoPingOfOursMeasuresNothing() throws Exception {
        peer.nextOf(0x001A);
        for (long opaque : new long[] {0, -1, Long.MIN_VALUE, System.nanoTime()}) {
            peer.send(Instruction.pong(opaque));
        }
        peer.send(Instruction.ping(1));
        peer.nextOf(0x001B);
        assertThat(roundTripNanos()).isNegative();
    }

    /** Answers the next ping after another ping has gone there and back, and returns how long that took. */
    private long answerAPing() throws Exception {
        long ping = peer.nextOf(0x001A).int64(0);
        long asked = System.nanoTime();
        peer.send(Instruction.ping(1));
        peer.nextOf(0x001B);
        long answered = System.nanoTime();
        peer.send(Instruction.pong(ping));
        return answered - asked;
    }

    @Test
    void itIsTheTimeFromAPingToItsAnswer() throws Exception {
        AtomicLong least = new AtomicLong(Long.MAX_VALUE);
        await().until(() -> {
            least.accumulateAndGet(answerAPing(), Math::min);
            return roundTripNanos() >= 0;
        });
        // The limits do not depend on the speed of this machine, only on what happened in between.
        assertThat(roundTripNanos()).isBetween(least.get(), System.nanoTime() - started);
    }

    @Test
    void itIsMeasuredAgainAndAgain() throws Exception {
        Set<Long> measured = new HashSet<>();
        await().until(() -> {
            assertThat(answerAPing()).isPositive();
            measured.add(roundTripNanos());
            return measured.size() == 5;
        });
        assertThat(closed).isNotDone();
    }
}
