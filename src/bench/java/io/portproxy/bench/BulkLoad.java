package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A number of connections that carry as many bytes as possible in one direction. One thread moves them until the load is closed. */
final class BulkLoad implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final double SETTLE_SECONDS = 0.3;

    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread = new Thread(this::run, "bulk");
    private volatile boolean closed;
    private volatile String failure = "";

    private BulkLoad() throws IOException {
        selector = Selector.open();
    }

    /** Opens connections that read what the target sends. */
    static BulkLoad down(int port, int connections) throws IOException {
        return open(port, connections, TargetServer.SOURCE, SelectionKey.OP_READ);
    }

    /** Opens connections that send to the target. */
    static BulkLoad up(int port, int connections) throws IOException {
        return open(port, connections, TargetServer.SINK, SelectionKey.OP_WRITE);
    }

    private static BulkLoad open(int port, int connections, byte mode, int interest) throws IOException {
        BulkLoad load = new BulkLoad();
        try {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = OwnClient.connect(port, mode);
                load.channels.add(channel);
                channel.configureBlocking(false);
                channel.register(load.selector, interest);
            }
        } catch (IOException e) {
            load.close();
            throw e;
        }
        load.thread.setDaemon(true);
        load.thread.start();
        return load;
    }

    /**
     * Waits 0.3 s until the load is steady, then measures.
     *
     * @return Gbit/s over all connections
     */
    double gigabits(double seconds) throws BenchException {
        return gigabits(SETTLE_SECONDS, seconds);
    }

    /** Does the same as {@link #gigabits(double)}, with another time before the measurement. */
    double gigabits(double settleSeconds, double seconds) throws BenchException {
        Clock.sleepSeconds(settleSeconds);
        long start = System.nanoTime();
        long before = bytes.get();
        Clock.sleepSeconds(seconds);
        long moved = bytes.get() - before;
        double rate = moved * 8 / Clock.secondsSince(start) / 1e9;
        if (!failure.isEmpty()) {
            throw new BenchException("a bulk connection failed: " + failure);
        }
        return rate;
    }

    /** Returns the bytes that all connections together have read or written so far. */
    long bytes() {
        return bytes.get();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::move);
            }
        } catch (RuntimeException | IOException e) {
            if (!closed) {
                failure = e.toString();
            }
        }
    }

    private void move(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            buffer.clear();
            int moved = key.isReadable() ? channel.read(buffer) : channel.write(buffer);
            if (moved < 0) {
                throw new IOException("the connection has ended");
            }
            bytes.addAndGet(moved);
        } catch (IOException e) {
            key.cancel();
            if (!closed) {
                failure = e.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
