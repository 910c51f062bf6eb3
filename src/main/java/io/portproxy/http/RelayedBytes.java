package io.portproxy.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What becomes of one buffer: most pass in place, and nothing is copied unless something of it changes. */
final class RelayedBytes {
    private final ByteBuffer data;
    private final int start;
    private final int limit;
    private @Nullable ByteArrayOutputStream changed;
    private int from; // up to here it is in {@code changed}
    private int end; // from here on it is left out

    /** @param data from its position to its limit; its content stays as it is, and its position is put back where it passes */
    RelayedBytes(ByteBuffer data) {
        this.data = data;
        this.start = data.position();
        this.limit = data.limit();
        this.from = start;
        this.end = limit;
    }

    byte[] copy(int begin, int behind) {
        byte[] bytes = new byte[behind - begin];
        data.limit(limit); // Jetty clears a buffer that it does not like
        data.get(begin, bytes);
        return bytes;
    }

    /** Puts bytes in ahead of {@code at}. */
    void insert(int at, byte[] bytes) {
        if (bytes.length > 0) {
            upTo(at).writeBytes(bytes);
        }
    }

    void leaveOut(int begin, int behind) {
        upTo(begin);
        from = behind;
    }

    /** Leaves out all from there on. */
    void cut(int begin) {
        upTo(begin);
        end = begin;
    }

    private ByteArrayOutputStream upTo(int position) {
        ByteArrayOutputStream out = changed == null ? new ByteArrayOutputStream() : changed;
        changed = out;
        out.writeBytes(copy(from, position));
        from = position;
        return out;
    }

    /** What is to pass. */
    ByteBuffer finish() {
        data.limit(limit).position(start);
        ByteArrayOutputStream out = changed;
        if (out == null) {
            return data;
        }
        if (from < end) {
            upTo(end);
        }
        data.position(limit);
        return ByteBuffer.wrap(out.toByteArray());
    }
}
