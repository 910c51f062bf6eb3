package io.portproxy.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1 in a row, which were free a moment ago, outside of those that the system gives away. */
public final class PortRanges {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 100;

    private PortRanges() {}

    /** The first of so many. */
    public static int free(int count) throws IOException {
        IOException last = new IOException("no try");
        for (int i = 0; i < TRIES; i++) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count);
            try {
                require(first, count);
                return first;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static void require(int first, int count) throws IOException {
        List<AutoCloseable> held = new ArrayList<>();
        try {
            for (int port = first; port < first + count; port++) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                held.add(new ServerSocket(port, 1, address.getAddress()));
                held.add(new DatagramSocket(address));
            }
        } finally {
            for (AutoCloseable socket : held) {
                try {
                    socket.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
