package io.portproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Free loopback ports. They are below the range that the kernel uses for outgoing connections, so that a load cannot take one. */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    /** Returns a port that nobody listens on and that was not returned before. */
    int free() throws BenchException {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = FIRST + random.nextInt(END - FIRST);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new BenchException("no free port from " + FIRST + " to " + (END - 1));
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
