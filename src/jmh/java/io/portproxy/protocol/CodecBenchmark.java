package io.portproxy.protocol;

import java.nio.ByteBuffer;
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

/** Encodes the head of an InsData into a buffer, and decodes it with its data, in both dialects. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CodecBenchmark {
    private static final long IDENTITY = 0x1234_5678_9abcL;

    /** The tunnel's dialect. */
    @Param
    public Dialect dialect = Dialect.EXTENDED;

    /** The bytes of data after the head. */
    @Param({"64", "65536"})
    public int length = 64;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.DATA_HEAD + Wire.MAX_DATA_SENT);
    private final Counter counter = new Counter();
    private InstructionDecoder decoder = InstructionDecoder.extended(counter);

    /** Makes the dialect's decoder. */
    @Setup
    public void prepare() {
        if (dialect == Dialect.CLASSIC) {
            decoder = InstructionDecoder.classic(counter);
        }
    }

    /** Encodes and decodes one head. */
    @Benchmark
    public long dataHead() throws ProtocolException {
        buffer.clear();
        InstructionEncoder.dataHead(buffer, 0, IDENTITY, length);
        buffer.limit(Wire.DATA_HEAD + length);
        while (decoder.decode(buffer)) {
            // The decoder returns true once for a head with all of its data after it.
        }
        return counter.bytes;
    }

    /** Encodes and decodes one Window, or one InsCloseConnection in the classic dialect. */
    @Benchmark
    public long control() throws ProtocolException {
        buffer.clear();
        if (dialect == Dialect.EXTENDED) {
            InstructionEncoder.window(buffer, IDENTITY, counter.bytes, length);
        } else {
            InstructionEncoder.closeConnection(buffer, IDENTITY);
        }
        decoder.decode(buffer.flip());
        return counter.bytes;
    }

    /** Counts the calls and the bytes. */
    private static final class Counter implements ExtendedHandler {
        private long bytes;

        @Override
        public void heartbeat() {
            bytes++;
        }

        @Override
        public void dataHead(long identity, long length) {
            bytes += identity & 1;
        }

        @Override
        public void data(long identity, ByteBuffer data) {
            bytes += data.remaining();
            data.position(data.limit());
        }

        @Override
        public void closeConnection(long identity) {
            bytes++;
        }

        @Override
        public void open(Open open) {
            bytes++;
        }

        @Override
        public void opened(long identity) {
            bytes++;
        }

        @Override
        public void end(long identity) {
            bytes++;
        }

        @Override
        public void reset(long identity, Reason reason) {
            bytes++;
        }

        @Override
        public void window(long identity, long delivered, long window) {
            bytes += window;
        }

        @Override
        public void ping(long opaque) {
            bytes++;
        }

        @Override
        public void pong(long opaque) {
            bytes++;
        }

        @Override
        public void expose(ExposeInstruction instruction) {}

        @Override
        public void goAway(Reason reason, long deadlineMillis) {
            bytes++;
        }
    }
}
