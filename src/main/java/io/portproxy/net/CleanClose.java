package io.portproxy.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;

/**
 * Ends a transport cleanly: waits until all that was written has left, with TLS's close_notify behind it, and goes on
 * with a {@link LingeringClose}. Loop's thread only.
 */
public final class CleanClose implements ReadyHandler {
    private final EventLoop loop;
    private final Transport transport;
    private final SelectionKey key;
    private final Duration timeout;
    private final Timers.Timer timer;

    private CleanClose(EventLoop loop, Transport transport, SelectionKey key, Duration timeout) {
        this.loop = loop;
        this.transport = transport;
        this.key = key;
        this.timeout = timeout;
        this.timer = loop.timers().afterAwake(timeout.toNanos(), transport::reset);
        key.attach(this);
    }

    /**
     * Takes over a transport that the caller will not touch any more.
     *
     * @param key its socket's key with {@code loop}
     * @param timeout how long the last bytes may take to leave, and then how long the peer may take to end its side
     */
    public static void start(EventLoop loop, Transport transport, SelectionKey key, Duration timeout) {
        try {
            if (transport.finish()) {
                LingeringClose.start(loop, transport.socket(), key, timeout);
            } else {
                new CleanClose(loop, transport, key, timeout).await();
            }
        } catch (IOException e) {
            transport.reset(); // the peer has gone already
        }
    }

    private void await() {
        key.interestOps(SelectionKey.OP_WRITE);
    }

    private void step() throws IOException {
        if (transport.finish()) {
            timer.cancel();
            LingeringClose.start(loop, transport.socket(), key, timeout);
        } else {
            await();
        }
    }

    @Override
    public void ready(int readyOps) {
        try {
            step();
        } catch (IOException e) {
            abort();
        }
    }

    @Override
    public void abort() {
        timer.cancel();
        transport.reset();
    }

    @Override
    public String toString() {
        return "closing of " + transport;
    }
}
