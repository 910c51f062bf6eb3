package io.portproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends InsData of one stream as fast as the tunnel takes it, on a thread of its own. */
public final class Flood {
    private static final int FRAME = 32 * 1024;
    private static final int MAX_FRAMES = 4096;

    private final AtomicInteger frames = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopping;

    /** Begins to send. */
    public Flood(TestPeer peer, long identity) {
        thread = new Thread(
                () -> {
                    try {
                        while (!stopping && frames.get() < MAX_FRAMES) {
                            peer.send(Instruction.data(identity, Bytes.random(frames.get(), FRAME)));
                            frames.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // The tunnel has ended.
                    }
                },
                "flood");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the bytes of data sent so far. */
    public int sent() {
        return frames.get() * FRAME;
    }

    /** Returns the bytes of data that it sends if nothing stops it: 128 MiB. */
    public int total() {
        return MAX_FRAMES * FRAME;
    }

    /** Asks the thread to end after the instruction that it is sending. */
    public void stop() {
        stopping = true;
    }

    /** Waits until the thread has ended, and returns all data that it has sent. */
    public byte[] awaitData() throws InterruptedException {
        thread.join(20_000);
        if (thread.isAlive()) {
            throw new AssertionError("the tunnel takes no more, after " + sent() + " bytes");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < frames.get(); i++) {
            all.writeBytes(Bytes.random(i, FRAME));
        }
        return all.toByteArray();
    }
}
