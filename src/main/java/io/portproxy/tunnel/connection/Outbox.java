package io.portproxy.tunnel.connection;

import io.portproxy.net.BufferPool;
import io.portproxy.net.MemoryUse;
import io.portproxy.protocol.InstructionEncoder;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that are sent through a tunnel, in order. The instructions of a turn are gathered in a large buffer and
 * sent in one write. A stream's bytes are read from its socket directly into their place after the room for their head,
 * so they are never copied here. Bytes that the tunnel's socket does not take stay where they are. Until they are sent,
 * no data is added, only control instructions, whose number is limited by the number of streams.
 *
 * <p>When little memory is left, data gets a small buffer instead of a large one, and then none. A control instruction
 * that gets no buffer is lost, and with it the tunnel: see {@link #hasLost}.
 */
final class Outbox {
    /** Less room than this is not worth a read of data while a flush could make more. */
    private static final int MIN_DATA_ROOM = 16 * 1024;

    private final BufferPool large;
    private final BufferPool small;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>(2); // each positioned behind its last byte
    private int sent; // bytes of the first buffer that have left
    private long total;
    private boolean blocked;
    private boolean lost;

    /**
     * @param large where a turn's output is gathered
     * @param small for what has to do with less
     */
    Outbox(BufferPool large, BufferPool small) {
        this.large = large;
        this.small = small;
    }

    /** Bytes that have not left. */
    long size() {
        return total;
    }

    /** Whether the tunnel's socket has refused bytes that are still here. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether a control instruction found no memory: the peer lacks it, so the tunnel cannot go on. */
    boolean hasLost() {
        return lost;
    }

    /** Whether there is room for a worthwhile piece of data in one buffer, which is enough for a write. */
    boolean hasDataRoom() {
        ByteBuffer only = buffers.peekLast();
        return !blocked && only != null && buffers.size() == 1 && isWorthwhile(only);
    }

    private static boolean isWorthwhile(ByteBuffer buffer) {
        return buffer.position() == 0 || buffer.remaining() >= Wire.DATA_HEAD + MIN_DATA_ROOM;
    }

    /** Takes a buffer for data where there is none; returns whether {@link #hasDataRoom} now. */
    boolean makeDataRoom() {
        if (buffers.isEmpty()) {
            extend(MemoryUse.DATA);
        }
        return hasDataRoom();
    }

    /** Whether no buffer is to be had for data just now. */
    boolean isStarved() {
        return buffers.isEmpty();
    }

    /** A buffer with room for a control instruction of that length. The caller then tells {@link #added}. */
    ByteBuffer controlRoom(int length) {
        ByteBuffer last = buffers.peekLast();
        if (last == null || last.remaining() < length) {
            last = extend(MemoryUse.NEEDED);
        }
        if (last == null) {
            lost = true;
            return ByteBuffer.allocate(length); // leads nowhere
        }
        return last;
    }

    /** Counts what the caller has put into {@link #controlRoom}. */
    void added(int length) {
        if (!lost) {
            total += length;
        }
    }

    /** Traces what {@link #added} was told last. */
    void traceLast(InstructionTrace trace, int length) {
        ByteBuffer last = buffers.peekLast();
        if (last != null && !lost) {
            trace.sent(last, last.position() - length, length);
        }
    }

    /**
     * A place to read data into; needs {@link #makeDataRoom}. The caller then tells {@link #addData}.
     *
     * @param most of the data in bytes, 1 to {@link Wire#MAX_DATA_SENT}
     */
    ByteBuffer dataRoom(int most) {
        ByteBuffer room = buffers.getLast();
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
     * Adds a Datagram.
     *
     * @param data 0 to {@link Wire#MAX_DATAGRAM} bytes; read to the end if it was added
     * @return whether it was; otherwise there is no memory for it
     */
    boolean addDatagram(long identity, ByteBuffer data) {
        int length = Wire.DATAGRAM_HEAD + data.remaining();
        if (!makeRoom(length)) {
            return false;
        }
        ByteBuffer last = buffers.getLast();
        InstructionEncoder.datagramHead(last, identity, data.remaining());
        last.put(data);
        total += length;
        return true;
    }

    /** Where the last buffer has no room for it, it begins in a fresh one. */
    private boolean makeRoom(int length) {
        ByteBuffer last = buffers.peekLast();
        return (last != null && last.remaining() >= length)
                || (length <= small.size() ? extend(MemoryUse.DATA) : extendLarge()) != null;
    }

    private @Nullable ByteBuffer extendLarge() {
        ByteBuffer buffer = large.take(MemoryUse.DATA);
        if (buffer != null) {
            buffers.addLast(buffer);
        }
        return buffer;
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
            give(buffers.removeFirst());
            sent = 0;
        }
        blocked = total > 0;
        return before - total;
    }

    void clear() {
        while (!buffers.isEmpty()) {
            give(buffers.removeFirst());
        }
        sent = 0;
        total = 0;
        blocked = false;
    }

    /** The first buffer is a large one if that can be had: most often data comes behind what it is taken for. */
    private @Nullable ByteBuffer extend(MemoryUse use) {
        ByteBuffer buffer = buffers.isEmpty() ? large.take(MemoryUse.BULK) : null;
        if (buffer == null) {
            buffer = small.take(use);
        }
        if (buffer != null) {
            buffers.addLast(buffer);
        }
        return buffer;
    }

    private void give(ByteBuffer buffer) {
        (buffer.capacity() == large.size() ? large : small).give(buffer);
    }
}
