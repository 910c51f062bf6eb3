package io.portproxy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Objects;

/**
 * Users at 127.0.0.2 who send half of a request's head and stop. A user whose connection is cut connects again, until this object is
 * closed.
 */
final class SlowUsers implements AutoCloseable {
    private static final int SWEEP_MILLIS = 200;

    private final int port;
    private final SocketChannel[] channels;
    private final Thread thread = new Thread(this::run, "slow-users");
    private volatile boolean over;
    private volatile long there;
    private volatile long most;
    private volatile long again;

    SlowUsers(int port, int count) {
        this.port = port;
        channels = new SocketChannel[count];
        thread.start();
    }

    /** Returns how many users were connected at the last check. */
    long there() {
        return there;
    }

    /** Returns the largest number of users that were connected. */
    long most() {
        return most;
    }

    /** Returns how many users connected again after a cut. */
    long again() {
        return again;
    }

    private void run() {
        while (!over) {
            for (int i = 0; i < channels.length && !over; i++) {
                if (channels[i] == null) {
                    channels[i] = open();
                } else if (isCut(channels[i])) {
                    DelayRelay.closeQuietly(channels[i]);
                    channels[i] = open();
                    again++;
                }
            }
            there = Arrays.stream(channels).filter(Objects::nonNull).count();
            most = Math.max(most, there);
            Clock.sleepMillis(SWEEP_MILLIS);
        }
    }

    /** Opens a connection. Returns null if that fails. */
    private SocketChannel open() {
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: h0.c0.ex".getBytes(ISO_8859_1)));
                channel.configureBlocking(false);
                return channel;
            } catch (IOException e) {
                channel.close();
                return null;
            }
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns whether the connection has an answer, which can only be 408, or has ended. */
    private static boolean isCut(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Arrays.stream(channels).filter(Objects::nonNull).forEach(DelayRelay::closeQuietly);
    }
}
