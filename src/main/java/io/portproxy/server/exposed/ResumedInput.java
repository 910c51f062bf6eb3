package io.portproxy.server.exposed;

import io.portproxy.protocol.Reason;
import io.portproxy.tunnel.stream.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** Has another input read what a {@link Preface} has read already ahead of what the socket has. On the tunnel's loop. */
final class ResumedInput implements StreamInput {
    private final ByteBuffer first;
    private final StreamInput input;

    /** @param first not to be used by others any more */
    ResumedInput(ByteBuffer first, StreamInput input) {
        this.first = first;
        this.input = input;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        return first.hasRemaining() ? input.read(new First(socket), out) : input.read(socket, out);
    }

    @Override
    public boolean hasHeld() {
        return first.hasRemaining() || input.hasHeld();
    }

    @Override
    public void resumeWith(Runnable action) {
        input.resumeWith(action);
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
    public Optional<ByteBuffer> refusal() {
        return input.refusal();
    }

    @Override
    public String refusalReason() {
        return input.refusalReason();
    }

    @Override
    public boolean isComplete() {
        return !first.hasRemaining() && input.isComplete();
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
    public void closed() {
        input.closed();
    }

    /** The socket, which seems to have sent the first bytes just now. */
    private final class First implements ReadableByteChannel {
        private final ReadableByteChannel socket;

        First(ReadableByteChannel socket) {
            this.socket = socket;
        }

        @Override
        public int read(ByteBuffer out) {
            int length = Math.min(first.remaining(), out.remaining());
            out.put(out.position(), first, first.position(), length).position(out.position() + length);
            first.position(first.position() + length);
            return length;
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
