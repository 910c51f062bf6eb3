package io.portproxy.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The output for one buffer. Unchanged bytes stay in place, and nothing is copied unless something changes. */
final class RelayedBytes {
    private final ByteBuffer data;
    private final int start;
    private final int limit;
    private @Nullable ByteArrayOutputStream changed;
    private int from; // the bytes before this index are in {@code changed}
    private int end; // the bytes from this index on are left out

    /** @param data is used from its position to its limit; its content stays, and its position is restored if nothing changes */
    RelayedBytes(ByteBuffer data) {
        this.data = data;
        this.start = data.position();
        this.limit = data.limit();
        this.from = start;
        this.end = limit;
    }

    byte[] copy(int begin, int behind) {
        byte[] bytes = new byte[behind - begin];
        data.limit(limit); // Jetty clears a buffer when it finds an error in it
        data.get(begin, bytes);
        return bytes;
    }

    /** Inserts bytes before {@code at}. */
    void insert(int at, byte[] bytes) {
        if (bytes.length > 0) {
            upTo(at).writeBytes(bytes);
        }
    }

    void leaveOut(int begin, int behind) {
        upTo(begin);
        from = behind;
    }

    /** Leaves out everything from {@code begin} on. */
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

    /** Returns the bytes that pass. */
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
