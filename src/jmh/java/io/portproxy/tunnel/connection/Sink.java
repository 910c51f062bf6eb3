package io.portproxy.tunnel.connection;

import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/** A socket that accepts at most a fixed number of bytes in a write, and discards them. */
final class Sink implements GatheringByteChannel {
    private final int most;

    Sink(int most) {
        this.most = most;
    }

    @Override
    public int write(ByteBuffer source) {
        int length = Math.min(most, source.remaining());
        source.position(source.position() + length);
        return length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        int left = most;
        for (int i = offset; i < offset + length && left > 0; i++) {
            int taken = Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + taken);
            left -= taken;
        }
        return (long) most - left;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
