package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One connection on which one small message is under way at a time. */
final class PingPong {
    private static final int PING_BYTES = 64;

    private PingPong() {}

    /**
     * Sends 64 bytes and waits until they have come back, again and again.
     *
     * @return how long each took
     * @throws BenchException when other bytes come back
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
     * Sends a request in two writes, as head and body, and waits for the answer, again and again. Where somebody on the way
     * holds the second part until the first is acknowledged, this takes 40 ms.
     *
     * @return how long each took
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
