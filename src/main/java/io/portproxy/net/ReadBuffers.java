package io.portproxy.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The direct buffer that all readers of an event loop share, because only one of them reads at a time. One reader may
 * keep it while it calls others; these get a second one. Loop's thread only.
 */
final class ReadBuffers {
    /** The size of one read from a tunnel. It is large, so that a busy tunnel needs few system calls. */
    static final int SIZE = BufferPool.OUTBOX; // the longest frame that this program sends, between two heads

    private final ByteBuffer first = ByteBuffer.allocateDirect(SIZE);
    private @Nullable ByteBuffer second; // null until it is needed
    private boolean lent;

    /** Returns an empty buffer for a reader that is done with it when its handler returns. */
    ByteBuffer next() {
        if (!lent) {
            return first.clear();
        }
        ByteBuffer other = second;
        if (other == null) {
            other = ByteBuffer.allocateDirect(SIZE);
            second = other;
        }
        return other.clear();
    }

    /** Returns the shared buffer, empty, for a reader that keeps it until {@link #takeBack}. */
    ByteBuffer lend() {
        lent = true;
        return first.clear();
    }

    void takeBack() {
        lent = false;
    }
}
