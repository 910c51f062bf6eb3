package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Opens connections, sends one byte and gets it back, and closes them, with several users at once. */
final class OpenRate {
    private static final int USERS = 16;

    private OpenRate() {}

    /** Returns how long each connection took, from before its connect until after its close. */
    static Latencies run(int port, double seconds) throws BenchException {
        return Users.run(USERS, () -> one(port, seconds));
    }

    private static Latencies one(int port, double seconds) throws IOException {
        Latencies latencies = new Latencies();
        ByteBuffer octet = ByteBuffer.allocate(1);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() - end < 0) {
            long start = System.nanoTime();
            try (SocketChannel channel = OwnClient.connect(port, TargetServer.ECHO)) {
                channel.write(octet.clear());
                OwnClient.readFully(channel, octet.clear());
            }
            latencies.add(System.nanoTime() - start);
        }
        return latencies;
    }
}
