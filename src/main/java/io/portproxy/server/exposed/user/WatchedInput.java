package io.portproxy.server.exposed.user;

import io.portproxy.tunnel.stream.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** An input that shows its first bytes to a {@link HeaderWatch}. On the tunnel's loop. */
final class WatchedInput extends WrappedInput {
    private final HeaderWatch watch;

    WatchedInput(HeaderWatch watch, StreamInput input) {
        super(input);
        this.watch = watch;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        return super.read(watch.isOver() ? socket : new Watched(socket), out);
    }

    private final class Watched extends Source {
        Watched(ReadableByteChannel socket) {
            super(socket);
        }

        @Override
        public int read(ByteBuffer out) throws IOException {
            int start = out.position();
            int length = super.read(out);
            if (length > 0) {
                watch.look(out.slice(start, length));
            }
            return length;
        }
    }
}
