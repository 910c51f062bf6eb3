package io.portproxy.net;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/**
 * One end of a connection, driven as a tunnel drives it. It sends the bytes given to {@link #send} as the socket takes them, and keeps
 * the received bytes. The state of the handler belongs to the loop.
 */
public final class TransportEnd implements ReadyHandler {
    private volatile EventLoop loop;
    private final Transport transport;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private IntSupplier readSize = () -> 256 * 1024;
    private IntSupplier writeSize = () -> Integer.MAX_VALUE;
    private ByteBuffer toSend = ByteBuffer.allocate(0);
    private SelectionKey key;
    private int readLimit = Integer.MAX_VALUE;
    private boolean reading = true;
    private boolean closed;

    public TransportEnd(EventLoop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /** Registers the connection and begins to read. On the loop. */
    public void start() {
        try {
            key = loop.register(transport.socket(), transport.interest(reading, toSend.hasRemaining()), this);
            readMore();
        } catch (IOException e) {
            fail(e);
        }
    }

    public Transport transport() {
        return transport;
    }

    /** Sets the size of the buffers for reading and the size of the pieces for writing. */
    TransportEnd pieces(IntSupplier readSize, IntSupplier writeSize) {
        onLoop(() -> {
            this.readSize = readSize;
            this.writeSize = writeSize;
        });
        return this;
    }

    /** Sends bytes. Call it only when no earlier bytes wait. */
    public void send(byte[] bytes) {
        onLoop(() -> {
            toSend = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            step();
        });
    }

    void reading(boolean allowed) {
        onLoop(() -> {
            reading = allowed;
            step();
        });
    }

    /** Stops reading at that many bytes or a few more. */
    void readUpTo(int limit) {
        onLoop(() -> {
            readLimit = limit;
            reading = true;
            step();
        });
    }

    void moveTo(EventLoop other) {
        onLoop(() -> {
            key.cancel();
            transport.moveTo(other);
            loop = other;
            other.execute(this::start);
        });
    }

    /** Ends the connection cleanly. */
    void finish() {
        onLoop(() -> {
            closed = true;
            CleanClose.start(loop, transport, key, Duration.ofSeconds(20));
        });
    }

    /** Closes the TCP connection without sending anything of TLS. */
    void cut() {
        onLoop(() -> {
            closed = true;
            Sockets.close(transport.socket());
            transport.close();
        });
    }

    void reset() {
        onLoop(() -> {
            closed = true;
            transport.reset();
        });
    }

    /** Waits for the end, and returns {@code clean} or the message of the exception. */
    public String ended() {
        await().atMost(Duration.ofSeconds(30)).until(end::isDone);
        return end.join();
    }

    public byte[] received() {
        return call(received::toByteArray);
    }

    int receivedSize() {
        return call(received::size);
    }

    int unsent() {
        return call(toSend::remaining);
    }

    public void awaitReceived(int size) {
        await().atMost(Duration.ofSeconds(60)).until(() -> receivedSize() >= size || end.isDone());
    }

    public void onLoop(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    public <T> T call(java.util.function.Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    @Override
    public void ready(int readyOps) {
        step();
    }

    private void step() {
        if (closed) {
            return;
        }
        try {
            write();
            readMore();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void write() throws IOException {
        int end = toSend.limit();
        boolean taken = transport.flush();
        while (taken && toSend.hasRemaining()) {
            int length = Math.min(toSend.remaining(), writeSize.getAsInt());
            toSend.limit(toSend.position() + length);
            try {
                taken = transport.write(toSend) == length;
            } finally {
                toSend.limit(end);
            }
        }
    }

    private void readMore() throws IOException {
        if (reading) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(readSize.getAsInt());
            int length = transport.read(buffer);
            if (length < 0) {
                closed = true;
                end.complete("clean");
                CleanClose.start(loop, transport, key, Duration.ofSeconds(5));
                return;
            }
            byte[] bytes = new byte[length];
            buffer.flip().get(bytes);
            received.write(bytes, 0, length);
            reading = received.size() < readLimit;
        }
        if (key.isValid()) {
            key.interestOps(transport.interest(reading, toSend.hasRemaining()));
        }
        if (reading && transport.hasBuffered()) {
            loop.afterTurn(this::step, () -> {});
        }
    }

    private void fail(IOException e) {
        closed = true;
        end.complete(String.valueOf(e.getMessage()));
        transport.reset();
    }

    @Override
    public void abort() {
        closed = true;
        end.complete("aborted");
        transport.reset();
    }
}
