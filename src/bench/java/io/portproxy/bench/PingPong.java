package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One connection with one small message in flight at a time. */
final class PingPong {
    private static final int PING_BYTES = 64;

    private PingPong() {}

    /**
     * Repeatedly sends 64 bytes and waits until they have come back.
     *
     * @return the duration of each round trip
     * @throws BenchException other bytes came back
     */
    static Latencies pings(int port, double seconds) throws IOException, BenchException {
        Latencies latencies = new Latencies();
        ByteBuffer out = ByteBuffer.allocateDirect(PING_BYTES);
        ByteBuffer in = ByteBuffer.allocateDirect(PING_BYTES);
        try (SocketChannel channel = OwnClient.connect(port, TargetServer.ECHO)) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (long i = 0; System.nanoTime() - end < 0; i++) {
                out.clear();
                while (out.hasRemaining()) {
                    out.putLong(i * 0x9E3779B97F4A7C15L + out.position());
                }
                long start = System.nanoTime();
                channel.write(out.flip());
                OwnClient.readFully(channel, in.clear());
                latencies.add(System.nanoTime() - start);
                if (!in.flip().equals(out.rewind())) {
                    throw new BenchException("a ping came back with other bytes");
                }
            }
        }
        return latencies;
    }

    /**
     * Repeatedly sends a request in two writes, like a head and a body, and waits for the answer. If something on the way delays the second
     * part until the first is acknowledged, this takes 40 ms.
     *
     * @return the duration of each request
     */
    static Latencies twoPartRequests(int port, double seconds) throws IOException {
        Latencies latencies = new Latencies();
        int half = TargetServer.REQUEST_LENGTH / 2;
        ByteBuffer part = ByteBuffer.allocateDirect(half);
        ByteBuffer answer = ByteBuffer.allocateDirect(TargetServer.ANSWER_LENGTH);
        try (SocketChannel channel = OwnClient.connect(port, TargetServer.REQUEST)) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() - end < 0) {
                long start = System.nanoTime();
                channel.write(part.clear());
                channel.write(part.clear());
                OwnClient.readFully(channel, answer.clear());
                latencies.add(System.nanoTime() - start);
            }
        }
        return latencies;
    }
}
