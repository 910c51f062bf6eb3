package io.portproxy.tunnel.connection;

import io.portproxy.net.BufferPool;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.WriteQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The two write paths: the outbox of a tunnel, and the queue of a stream's socket that does not accept everything. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class WritePathBenchmark {
    private static final long IDENTITY = 7;
    private static final int CHUNK = 16 * 1024;
    private static final int OUTBOX = 4 * (64 * 1024 + 16);
    private static final MemoryBudget BUDGET = new MemoryBudget(64 << 20);
    private static final int SMALL_WRITES = 8;

    private final Outbox outbox = new Outbox(new BufferPool(OUTBOX, 4, BUDGET), new BufferPool(CHUNK, 4, BUDGET));
    private final WriteQueue queue = new WriteQueue(new BufferPool(CHUNK, 16, BUDGET));
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private final Sink fast = new Sink(Integer.MAX_VALUE);
    private final Sink slow = new Sink(CHUNK / 2);

    /** Reads a chunk into a tunnel's outbox, adds its head, and writes it. */
    @Benchmark
    public long outboxChunk() throws IOException {
        fill(CHUNK);
        return outbox.flush(fast);
    }

    /** Writes eight small messages at once. */
    @Benchmark
    public long outboxSmallMessages() throws IOException {
        for (int i = 0; i < SMALL_WRITES; i++) {
            fill(64);
        }
        return outbox.flush(fast);
    }

    /** Writes a chunk that a slow socket accepts in two writes, so that the rest is copied and waits. */
    @Benchmark
    public long queuedChunk() throws IOException {
        chunk.clear();
        slow.write(chunk);
        queue.add(chunk);
        return queue.writeTo(slow);
    }

    private void fill(int length) {
        outbox.makeDataRoom();
        ByteBuffer room = outbox.dataRoom(length);
        room.position(room.position() + length);
        outbox.addData(IDENTITY, length);
    }
}
