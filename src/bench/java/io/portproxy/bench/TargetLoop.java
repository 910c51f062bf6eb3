package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A thread with a selector. If a handler throws an {@link IOException}, its connection is closed. */
final class TargetLoop implements Runnable {
    /** Is called when its channel is ready. */
    @FunctionalInterface
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    private record Newcomer(SelectableChannel channel, int interest, Handler handler) {}

    private static final int BUFFER_BYTES = 256 * 1024;

    private final String name;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Queue<Newcomer> newcomers = new ConcurrentLinkedQueue<>();

    TargetLoop(String name) throws IOException {
        this.name = name;
    }

    /** Returns the buffer that the handlers of this loop share. Its content is valid only during a call. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Starts the loop on a thread of its own. */
    void start() {
        Thread thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a channel. Any thread. */
    void register(SelectableChannel channel, int interest, Handler handler) {
        newcomers.add(new Newcomer(channel, interest, handler));
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select(TargetLoop::serve);
                for (Newcomer newcomer = newcomers.poll(); newcomer != null; newcomer = newcomers.poll()) {
                    newcomer.channel().configureBlocking(false);
                    newcomer.channel().register(selector, newcomer.interest(), newcomer.handler());
                }
            }
        } catch (IOException e) {
            System.err.println("loop " + name + " has failed: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void serve(SelectionKey key) {
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (IOException e) {
            key.cancel();
            try {
                key.channel().close();
            } catch (IOException again) {
                return; // the channel is closed anyway
            }
        }
    }
}
