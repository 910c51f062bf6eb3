package io.portproxy.tunnel;

import io.portproxy.net.BufferPool;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;

/**
 * What leaves through a tunnel, in order. A turn's instructions are gathered in a large buffer and leave in one write.
 * A stream's bytes are read from its socket straight into their place behind the room for their head, so they are never
 * copied here. What the tunnel's socket refuses stays where it is; until that is gone no data is added, only control
 * instructions, whose number the streams bound.
 */
final class Outbox {
    /** Less room than this is not worth a read of data while a flush could make more. */
    private static final int MIN_DATA_ROOM = 16 * 1024;

    private final BufferPool pool;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>(2); // each positioned behind its last byte
    private int sent; // bytes of the first buffer that have left
    private long total;
    private boolean blocked;

    Outbox(BufferPool pool) {
        this.pool = pool;
    }

    /** Bytes that have not left. */
    long size() {
        return total;
    }

    /** Whether the tunnel's socket has refused bytes that are still here. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether there is room for a worthwhile piece of data in one buffer, which is enough for a write. */
    boolean hasDataRoom() {
        ByteBuffer only = buffers.peekLast();
        return !blocked
                && (only == null || (buffers.size() == 1 && only.remaining() >= Wire.DATA_HEAD + MIN_DATA_ROOM));
    }

    /** A buffer with room for a control instruction of that length. The caller then tells {@link #added}. */
    ByteBuffer controlRoom(int length) {
        ByteBuffer last = buffers.peekLast();
        return last != null && last.remaining() >= length ? last : extend();
    }

    /** Counts what the caller has put into {@link #controlRoom}. */
    void added(int length) {
        total += length;
    }

    /**
     * A place to read data into; needs {@link #hasDataRoom}. The caller then tells {@link #addData}.
     *
     * @param most of the data in bytes, 1 to {@link Wire#MAX_DATA_SENT}
     */
    ByteBuffer dataRoom(int most) {
        ByteBuffer last = buffers.peekLast();
        ByteBuffer room = last == null ? extend() : last;
        int start = room.position() + Wire.DATA_HEAD;
        return room.limit(Math.min(room.capacity(), start + most)).position(start);
    }

    /** Makes an InsData of what was read into {@link #dataRoom}; of nothing when that is 0 bytes. */
    void addData(long identity, int length) {
        ByteBuffer room = buffers.getLast();
        int start = room.position() - length - Wire.DATA_HEAD;
        room.limit(room.capacity());
        if (length == 0) {
            room.position(start); // an InsData is never empty
        } else {
            InstructionEncoder.dataHead(room, start, identity, length);
            total += Wire.DATA_HEAD + length;
        }
    }

    /**
     * Writes as much as the tunnel's socket takes.
     *
     * @return bytes written
     */
    long flush(WritableByteChannel channel) throws IOException {
        long before = total;
        while (!buffers.isEmpty()) {
            ByteBuffer first = buffers.getFirst();
            int end = first.position();
            first.limit(end).position(sent);
            try {
                channel.write(first);
            } finally {
                total -= first.position() - sent;
                sent = first.position();
                first.limit(first.capacity()).position(end);
            }
            if (sent < end) {
                break;
            }
            pool.give(buffers.removeFirst());
            sent = 0;
        }
        blocked = total > 0;
        return before - total;
    }

    void clear() {
        while (!buffers.isEmpty()) {
            pool.give(buffers.removeFirst());
        }
        sent = 0;
        total = 0;
        blocked = false;
    }

    private ByteBuffer extend() {
        ByteBuffer buffer = pool.take();
        buffers.addLast(buffer);
        return buffer;
    }
}
