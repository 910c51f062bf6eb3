package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** Checks that a contender carries bytes unchanged, because a fast result with wrong bytes does not count. */
final class Verification {
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 256; // 16 MiB each way, more than any buffer on the way
    private static final long SEED = 4711;

    private Verification() {}

    /**
     * Sends random bytes to the target and compares what it sends back. Both happen at the same time.
     *
     * @throws BenchException a byte differs or is missing
     */
    static void run(int port) throws BenchException {
        try (SocketChannel channel = OwnClient.connect(port, TargetServer.ECHO)) {
            AtomicReference<String> failure = new AtomicReference<>("");
            Thread sender = new Thread(() -> send(channel, failure), "sender");
            sender.start();
            Random random = new Random(SEED);
            byte[] expected = new byte[PIECE];
            ByteBuffer received = ByteBuffer.allocate(PIECE);
            for (int i = 0; i < PIECES; i++) {
                random.nextBytes(expected);
                OwnClient.readFully(channel, received.clear());
                if (!received.flip().equals(ByteBuffer.wrap(expected))) {
                    throw new BenchException(
                            "other bytes came back, within the " + PIECE + " from " + (long) i * PIECE);
                }
            }
            sender.join();
            if (!failure.get().isEmpty()) {
                throw new BenchException("cannot send: " + failure.get());
            }
        } catch (IOException e) {
            throw new BenchException("bytes were lost: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        }
    }

    private static void send(SocketChannel channel, AtomicReference<String> failure) {
        Random random = new Random(SEED);
        byte[] piece = new byte[PIECE];
        try {
            for (int i = 0; i < PIECES; i++) {
                random.nextBytes(piece);
                ByteBuffer buffer = ByteBuffer.wrap(piece);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            failure.set(e.toString());
        }
    }
}
