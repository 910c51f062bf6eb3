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
 * The bytes that are sent through a tunnel, in order. The instructions of a turn are collected in a large buffer and
 * sent in one write. A stream's bytes are read from its socket directly into their place after the room for their head,
 * so they are never copied here. Bytes that the tunnel's socket does not take stay where they are. Until they are sent,
 * no data is added, only control instructions, whose number is limited by the number of streams.
 *
 * <p>When little memory is left, data gets a small buffer instead of a large one, and then none. A control instruction
 * that gets no buffer is lost, and the tunnel must end: see {@link #hasLost}.
 */
final class Outbox {
    /** With less room than this, a flush makes more sense than a read of data. */
    private static final int MIN_DATA_ROOM = 16 * 1024;

    private final BufferPool large;
    private final BufferPool small;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>(2); // the position of each is behind its last byte
    private int sent; // bytes of the first buffer that have left
    private long total;
    private boolean blocked;
    private boolean lost;

    /**
     * @param large the buffers that collect the output of a turn
     * @param small the buffers for output when no large buffer is available
     */
    Outbox(BufferPool large, BufferPool small) {
        this.large = large;
        this.small = small;
    }

    /** Returns the number of bytes that have not left. */
    long size() {
        return total;
    }

    /** Returns whether the tunnel's socket has refused bytes that are still here. */
    boolean isBlocked() {
        return blocked;
    }

    /**
     * Returns whether a control instruction was lost because no memory was left. The peer does not get it, so the
     * tunnel must end.
     */
    boolean hasLost() {
        return lost;
    }

    /** Returns whether one buffer, which fits a single write, has room for a worthwhile piece of data. */
    boolean hasDataRoom() {
        ByteBuffer only = buffers.peekLast();
        return !blocked && only != null && buffers.size() == 1 && isWorthwhile(only);
    }

    private static boolean isWorthwhile(ByteBuffer buffer) {
        return buffer.position() == 0 || buffer.remaining() >= Wire.DATA_HEAD + MIN_DATA_ROOM;
    }

    /** Takes a buffer for data if there is none. Returns the value of {@link #hasDataRoom} after that. */
    boolean makeDataRoom() {
        if (buffers.isEmpty()) {
            extend(MemoryUse.DATA);
        }
        return hasDataRoom();
    }

    /** Returns whether no buffer for data is available at present. */
    boolean isStarved() {
        return buffers.isEmpty();
    }

    /** Returns a buffer with room for a control instruction of that length. The caller then calls {@link #added}. */
    ByteBuffer controlRoom(int length) {
        ByteBuffer last = buffers.peekLast();
        if (last == null || last.remaining() < length) {
            last = extend(MemoryUse.NEEDED);
        }
        if (last == null) {
            lost = true;
            return ByteBuffer.allocate(length); // is discarded, because the tunnel must end
        }
        return last;
    }

    /** Counts the bytes that the caller has put into {@link #controlRoom}. */
    void added(int length) {
        if (!lost) {
            total += length;
        }
    }

    /** Traces the instruction of the last call of {@link #added}. */
    void traceLast(InstructionTrace trace, int length) {
        ByteBuffer last = buffers.peekLast();
        if (last != null && !lost) {
            trace.sent(last, last.position() - length, length);
        }
    }

    /**
     * Returns a place to read data into. Requires {@link #makeDataRoom}. The caller then calls {@link #addData}.
     *
     * @param most the most bytes of data, 1 to {@link Wire#MAX_DATA_SENT}
     */
    ByteBuffer dataRoom(int most) {
        ByteBuffer room = buffers.getLast();
        int start = room.position() + Wire.DATA_HEAD;
        return room.limit(Math.min(room.capacity(), start + most)).position(start);
    }

    /** Creates an InsData from the bytes that were read into {@link #dataRoom}. Creates none if that is 0 bytes. */
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
     * @return whether it was added; otherwise there is no memory for it
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

    /** Makes room for a Datagram: if the last buffer has too little room, the Datagram begins in a new one. */
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
     * Writes as many bytes as the tunnel's socket takes.
     *
     * @return the number of bytes written
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

    /**
     * Adds a buffer. The first one is a large buffer if one is available, because data usually follows what it is taken
     * for.
     */
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
