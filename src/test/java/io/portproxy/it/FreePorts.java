package io.portproxy.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds free ports of 127.0.0.1 for programs that need a fixed port. The ports lie below the range that operating systems use for
 * outgoing connections, so that no connection takes one before its program has started.
 */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int END = 32_000;

    // Another test run on the same machine most likely starts at another port.
    private static final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private FreePorts() {}

    /** Returns a port that no earlier call has returned. */
    static int find() {
        for (int tries = 0; tries < END - FIRST; tries++) {
            int port = FIRST + next.getAndIncrement() % (END - FIRST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
