package io.portproxy.server.exposed.user;

import io.portproxy.tunnel.stream.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * An input that first reads the bytes that a {@link Preface} has already read, and then those of the socket. On the
 * tunnel's loop.
 */
final class ResumedInput extends WrappedInput {
    private final ByteBuffer first;

    /** @param first the bytes; nobody else may use the buffer any more */
    ResumedInput(ByteBuffer first, StreamInput input) {
        super(input);
        this.first = first;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        return super.read(first.hasRemaining() ? new First(socket) : socket, out);
    }

    @Override
    public boolean hasHeld() {
        return first.hasRemaining() || super.hasHeld();
    }

    @Override
    public boolean isComplete() {
        return !first.hasRemaining() && super.isComplete();
    }

    /** The socket, with the first bytes before those that it really sends. */
    private final class First extends Source {
        First(ReadableByteChannel socket) {
            super(socket);
        }

        @Override
        public int read(ByteBuffer out) {
            int length = Math.min(first.remaining(), out.remaining());
            out.put(out.position(), first, first.position(), length).position(out.position() + length);
            first.position(first.position() + length);
            return length;
        }
    }
}
