package io.portproxy.server.exposed.user;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** An input that passes all calls to another input. Subclasses change some of them. On the tunnel's loop. */
abstract class WrappedInput implements StreamInput {
    private final StreamInput input;

    WrappedInput(StreamInput input) {
        this.input = input;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        return input.read(socket, out);
    }

    @Override
    public void resumeWith(Runnable action) {
        input.resumeWith(action);
    }

    @Override
    public boolean hasHeld() {
        return input.hasHeld();
    }

    @Override
    public boolean isRefused() {
        return input.isRefused();
    }

    @Override
    public ByteBuffer delivering(ByteBuffer data) {
        return input.delivering(data);
    }

    @Override
    public ByteBuffer deliveryEnds() {
        return input.deliveryEnds();
    }

    @Override
    public boolean isComplete() {
        return input.isComplete();
    }

    @Override
    public Optional<ByteBuffer> refusal() {
        return input.refusal();
    }

    @Override
    public String refusalReason() {
        return input.refusalReason();
    }

    @Override
    public void left() {
        input.left();
    }

    @Override
    public boolean takesOver(Reason reason) {
        return input.takesOver(reason);
    }

    @Override
    public boolean takesOverEnd() {
        return input.takesOverEnd();
    }

    @Override
    public void closed() {
        input.closed();
    }

    /** A socket. Subclasses change how it is read. */
    abstract static class Source implements ReadableByteChannel {
        private final ReadableByteChannel socket;

        Source(ReadableByteChannel socket) {
            this.socket = socket;
        }

        @Override
        public int read(ByteBuffer out) throws IOException {
            return socket.read(out);
        }

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
