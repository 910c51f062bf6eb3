package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.LogFields;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Wire;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramOutput;
import io.portproxy.tunnel.stream.StreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** Tests the writer on a loop that was never started, so that the test's thread acts as the loop's thread. */
class TunnelWriterTest {
    private static final long MILLI = 1_000_000;
    private static final int DATAGRAM_QUEUE = 512 * 1024;

    private final EventLoopGroup loops = new EventLoopGroup("writer-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final InstructionTrace trace = new InstructionTrace("tunnel", () -> LogFields.remote("r"));
    private final InFlightLimit flight = new InFlightLimit();
    private SocketChannel channel;
    private TestPeer peer;
    private TunnelWriter writer;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(TestSettings.anyPort())) {
            peer = TestPeer.connect(Dialect.EXTENDED, (InetSocketAddress) listener.getLocalAddress());
            channel = listener.accept();
        }
        channel.configureBlocking(false);
        writer = new TunnelWriter(
                loop, Transport.plain(channel), true, DATAGRAM_QUEUE, new TunnelLife(), new Owner(), trace, flight);
    }

    @AfterEach
    void close() throws Exception {
        writer.close();
        assertThat(loops.buffersInUse()).isZero();
        channel.close();
        peer.close();
        loops.close();
    }

    private static final class Owner implements TunnelWriter.Owner {
        @Override
        public void taken() {}

        @Override
        public void endTurnSoon() {}

        @Override
        public void lose(IOException cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void abort() {
            throw new IllegalStateException("a turn's end failed");
        }
    }

    /** Begins a drain: an older round trip is known, and then a trip behind data takes longer. */
    private void beginDrain() {
        flight.probing(0, 0);
        flight.answered(0, MILLI, 0);
        flight.sent(10_000);
        flight.probing(1000 * MILLI, 0);
        flight.answered(1000 * MILLI, 1002 * MILLI, 0);
        assertThat(flight.wantsProbeAhead(0)).isTrue();
    }

    private void addWindow(long window) {
        InstructionEncoder.window(writer.controlRoom(Wire.WINDOW_LENGTH), 1, 0, window);
        writer.added(Wire.WINDOW_LENGTH);
    }

    /** Queues a stream that has that data when its turn comes. */
    private void queueStream(byte... data) {
        StreamSocket socket = Mockito.mock(StreamSocket.class);
        Mockito.doAnswer(turn -> {
                    writer.dataRoom(data.length).put(data);
                    writer.addData(1, data.length);
                    return null;
                })
                .when(socket)
                .turn();
        writer.queueForTurn(socket);
    }

    /** A flood of datagrams must not fill the send buffer, behind which streams wait. */
    @Test
    void datagramsPassTheInFlightLimitByTheirQueueAndNoMore() {
        ByteBuffer datagram = ByteBuffer.allocate(1000);
        DatagramOutput.Share share = new DatagramOutput.Share();
        flight.probing(0, 0);
        flight.sent(InFlightLimit.START + DATAGRAM_QUEUE - 2000);

        assertThat(writer.send(1, datagram.duplicate(), share)).isNull();
        assertThat(writer.send(1, datagram.duplicate(), share)).isEqualTo(DatagramDrop.TUNNEL_FULL);

        flight.probing(1, 0);
        flight.answered(1, MILLI, 0);
        assertThat(writer.send(1, datagram.duplicate(), share)).isNull();
    }

    @Test
    void oneOfADrainsPingsGoesAheadOfDataAlsoBehindInstructions() throws Exception {
        beginDrain();
        for (byte i = 1; i <= 2; i++) {
            addWindow(i);
            queueStream(i);
            writer.serveTurns();
        }
        assertThat(peer.nextAny()).isEqualTo(Instruction.window(1, 0, 1));
        assertThat(peer.nextAny().code()).as("Ping").isEqualTo(0x001A);
        assertThat(peer.nextAny()).isEqualTo(Instruction.data(1, (byte) 1));
        assertThat(peer.nextAny()).isEqualTo(Instruction.window(1, 0, 2));
        assertThat(peer.nextAny()).isEqualTo(Instruction.data(1, (byte) 2));
    }

    @Test
    void thereIsNoPingOfADrainWithoutOne() throws Exception {
        for (int i = 1; i <= 2; i++) {
            addWindow(i);
            writer.serveTurns();
        }
        assertThat(peer.nextAny()).isEqualTo(Instruction.window(1, 0, 1));
        assertThat(peer.nextAny()).isEqualTo(Instruction.window(1, 0, 2));
    }

    @Test
    void aClosedOneSendsNone() {
        beginDrain();
        writer.close();
        writer.serveTurns();
        assertThat(writer.size()).isZero();
    }
}
