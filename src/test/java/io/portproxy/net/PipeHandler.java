package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicInteger;

/** Handles the reading end of a pipe on the loop. */
final class PipeHandler implements ReadyHandler, AutoCloseable {
    private final LoopExtension loops;
    private final Pipe pipe = Pipe.open();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger aborts = new AtomicInteger();
    volatile boolean fails;
    volatile Throwable thrown = new IllegalStateException("on purpose"); // thrown if it fails
    volatile boolean failsToAbort;
    volatile boolean abortedInLoop;

    PipeHandler(LoopExtension loops) throws IOException {
        this.loops = loops;
        pipe.source().configureBlocking(false);
    }

    void register() throws Exception {
        loops.call(() -> {
            registerHere();
            return true;
        });
    }

    void registerHere() {
        try {
            loops.loop().register(pipe.source(), SelectionKey.OP_READ, this);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void send(int bytes) throws IOException {
        pipe.sink().write(ByteBuffer.allocate(bytes));
    }

    int received() {
        return received.get();
    }

    int aborts() {
        return aborts.get();
    }

    @Override
    public void ready(int readyOps) {
        if (fails) {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
        try {
            received.addAndGet(pipe.source().read(loops.loop().readBuffer()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void abort() {
        abortedInLoop = loops.loop().inLoop();
        Sockets.close(pipe.source());
        aborts.incrementAndGet();
        if (failsToAbort) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Override
    public void close() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }
}
