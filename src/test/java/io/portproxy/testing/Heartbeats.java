package io.portproxy.testing;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends heartbeats of a hand-made remote every 20 ms. */
public final class Heartbeats implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger sent = new AtomicInteger();

    /** Begins to send. */
    public Heartbeats(TestRemote remote) {
        timer.execute(() -> beat(remote));
    }

    private void beat(TestRemote remote) {
        try {
            remote.peer().send(Instruction.heartbeat());
            sent.incrementAndGet();
            var unused = timer.schedule(() -> beat(remote), 20, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // The tunnel has ended.
        }
    }

    /** Returns the number of heartbeats sent. */
    public int sent() {
        return sent.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
