package io.portproxy.mux;

import io.portproxy.protocol.ProtocolException;
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

/** A data chunk that passes through the sessions of both sides, with their windows. The cost must not grow with the number of streams. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class SessionBenchmark {
    private static final int CHUNK = 16 * 1024;

    /** The number of streams in the tunnel. They send chunks in turn. */
    @Param({"1", "500", "10000"})
    public int streams = 1;

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private SessionPair pair;
    private int next;

    /** Opens the streams. */
    @Setup
    public void open() throws ProtocolException {
        pair = new SessionPair(streams);
    }

    /** Passes one chunk: finds the room, sends, receives and delivers it, and sometimes sends a Window back. */
    @Benchmark
    public long chunk() throws ProtocolException {
        next = next + 1 == streams ? 0 : next + 1;
        long room = pair.sendRoom(next);
        pair.send(next, CHUNK);
        pair.receive(next, chunk.clear());
        return room;
    }
}
