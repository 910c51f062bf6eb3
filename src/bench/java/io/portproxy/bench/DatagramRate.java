package io.portproxy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * Users who send datagrams and get them back. Each user has a fixed number of datagrams in flight, and sends a new one for each that comes
 * back. So the result is the rate that the way carries, and not the loss in a flood. A datagram that does not come back within a time is
 * lost.
 */
final class DatagramRate {
    private static final int USERS = 8;
    private static final int UNDER_WAY = 16;
    private static final long PATIENCE_MILLIS = 50;

    /**
     * The result of a run.
     *
     * @param answered the datagrams that came back
     * @param lost the datagrams that did not come back
     */
    record Result(long answered, long lost) {
        double lostShare() {
            return answered + lost == 0 ? 1 : (double) lost / (answered + lost);
        }
    }

    private DatagramRate() {}

    static Result run(int port, int size, double seconds) throws BenchException {
        long[] answered = new long[USERS];
        long[] lost = new long[USERS];
        Thread[] threads = new Thread[USERS];
        Throwable[] failures = new Throwable[USERS];
        for (int i = 0; i < USERS; i++) {
            int user = i;
            threads[i] = new Thread(() -> {
                try {
                    Result result = one(port, size, seconds);
                    answered[user] = result.answered();
                    lost[user] = result.lost();
                } catch (IOException | RuntimeException e) {
                    failures[user] = e;
                }
            });
            threads[i].start();
        }
        long all = 0;
        long gone = 0;
        for (int i = 0; i < USERS; i++) {
            try {
                threads[i].join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", e);
            }
            if (failures[i] != null) {
                throw new BenchException("a user failed: " + failures[i], failures[i]);
            }
            all += answered[i];
            gone += lost[i];
        }
        return new Result(all, gone);
    }

    private static Result one(int port, int size, double seconds) throws IOException {
        long answered = 0;
        long lost = 0;
        try (DatagramChannel channel = DatagramChannel.open();
                Selector selector = Selector.open()) {
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer out = ByteBuffer.allocateDirect(size);
            ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
            int underWay = 0;
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() - end < 0) {
                for (; underWay < UNDER_WAY; underWay++) {
                    send(channel, out.clear());
                }
                if (selector.select(key -> {}, PATIENCE_MILLIS) == 0) {
                    lost += underWay;
                    underWay = 0;
                }
                while (receive(channel, in.clear())) {
                    answered++;
                    underWay = Math.max(0, underWay - 1);
                }
            }
        }
        return new Result(answered, lost);
    }

    private static void send(DatagramChannel channel, ByteBuffer data) throws IOException {
        try {
            channel.write(data);
        } catch (PortUnreachableException e) {
            // The datagram counts as lost.
        }
    }

    private static boolean receive(DatagramChannel channel, ByteBuffer data) throws IOException {
        try {
            return channel.receive(data) != null;
        } catch (PortUnreachableException e) {
            return false;
        }
    }
}
