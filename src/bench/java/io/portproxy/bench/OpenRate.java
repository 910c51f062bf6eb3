package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Connections that are opened, carry one byte there and back, and are closed, by several users at once. */
final class OpenRate {
    private static final int USERS = 16;

    private OpenRate() {}

    /** How long each connection took, from before its connect until after its close. */
    static Latencies run(int port, double seconds) throws IOException, BenchException {
        ExecutorService users = Executors.newFixedThreadPool(USERS);
        try {
            List<Future<Latencies>> results = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                results.add(users.submit(() -> one(port, seconds)));
            }
            Latencies all = new Latencies();
            for (Future<Latencies> result : results) {
                all.addAll(result.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new BenchException("a connection failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        } finally {
            users.shutdownNow();
        }
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
