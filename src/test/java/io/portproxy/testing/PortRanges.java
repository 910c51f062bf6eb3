package io.portproxy.testing;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds consecutive free ports of 127.0.0.1, outside of the range from which the system picks ports. */
public final class PortRanges {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 100;

    private PortRanges() {}

    /** Returns the first port of a range of that many ports, which were free a moment ago. */
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
        if (count > 0) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), first);
            try (ServerSocket tcp = new ServerSocket(first, 1, address.getAddress());
                    DatagramSocket udp = new DatagramSocket(address)) {
                require(first + 1, count - 1); // while this method holds the ports found so far
                if (!tcp.isBound() || !udp.isBound()) {
                    throw new IOException("port " + first + " is not bound");
                }
            }
        }
    }
}
