package io.portproxy.tunnel.connection;

import io.portproxy.mux.SessionPair;
import io.portproxy.net.BufferPool;
import io.portproxy.net.MemoryBudget;
import io.portproxy.protocol.ExposeInstruction;
import io.portproxy.protocol.ExtendedHandler;
import io.portproxy.protocol.InstructionDecoder;
import io.portproxy.protocol.Open;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole way of a data chunk in memory: window, outbox, one write, decoder, session, socket, and a Window back. Only the kernel is left
 * out. With {@code -prof gc}, it shows that relaying a chunk allocates nothing.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RelayBenchmark {
    private static final int OUTBOX = 4 * (64 * 1024 + 16);
    private static final int CHUNK = 16 * 1024;
    private static final MemoryBudget BUDGET = new MemoryBudget(64 << 20);

    /** The bytes of a chunk. */
    @Param({"64", "65536"})
    public int length = 64;

    private final Outbox outbox = new Outbox(new BufferPool(OUTBOX, 4, BUDGET), new BufferPool(CHUNK, 4, BUDGET));
    private final Wireless tunnel = new Wireless();
    private SessionPair pair;
    private InstructionDecoder decoder;

    /** Opens one stream. */
    @Setup
    public void open() throws ProtocolException {
        pair = new SessionPair(1);
        decoder = InstructionDecoder.extended(new Receiver());
    }

    /** Relays one chunk. */
    @Benchmark
    public long chunk() throws IOException {
        long room = pair.sendRoom(0);
        outbox.makeDataRoom();
        ByteBuffer place = outbox.dataRoom(Math.min(length, Wire.MAX_DATA_SENT));
        place.position(place.position() + length);
        outbox.addData(0, length);
        pair.send(0, length);
        outbox.flush(tunnel);
        return room;
    }

    /** Passes written bytes to the other side immediately, without a copy. */
    private final class Wireless implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int before = source.remaining();
            try {
                while (decoder.decode(source)) {
                    // The decoder passes each instruction to the receiver.
                }
            } catch (ProtocolException e) {
                throw new IOException(e);
            }
            return before - source.remaining();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Passes data to the receiving session. No other instructions come. */
    private final class Receiver implements ExtendedHandler {
        @Override
        public void heartbeat() {}

        @Override
        public void dataHead(long identity, long dataLength) {}

        @Override
        public void data(long identity, ByteBuffer data) throws ProtocolException {
            pair.receive(identity, data);
        }

        @Override
        public void closeConnection(long identity) {}

        @Override
        public void open(Open open) {}

        @Override
        public void opened(long identity) {}

        @Override
        public void end(long identity) {}

        @Override
        public void reset(long identity, Reason reason) {}

        @Override
        public void window(long identity, long delivered, long window) {}

        @Override
        public void ping(long opaque) {}

        @Override
        public void pong(long opaque) {}

        @Override
        public void expose(ExposeInstruction instruction) {}

        @Override
        public void goAway(Reason reason, long deadlineMillis) {}
    }
}
