package io.portproxy.net.tls;

import io.portproxy.net.BufferPool;
import io.portproxy.net.EventLoop;
import io.portproxy.net.MemoryUse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The layer between the TLS engine and the socket. One large read supplies many records, many records leave in one
 * large write, and the channel checks the head of each incoming record. It never refuses a write, so the engine never
 * waits for the socket. A caller that writes data asks {@link #room} first. The engine's own messages (answers to key
 * updates, an alert, close_notify) are small and use a reserve. Loop's thread only.
 */
final class CipherChannel implements ByteChannel {
    /** The longest accepted record; the engine would not take a longer one. RFC 8446, section 5.2, allows less. */
    private static final int MAX_RECORD = TlsResources.RECORD_BUFFER - TlsRecords.HEADER;

    /** Room that is kept free for the engine's own messages. */
    private static final int RESERVE = 16 * 1024;

    /** The beginning of what the peer sends. It leads from each state to a later one; the last two are final. */
    private enum Beginning {
        /** The peer has sent nothing. */
        SILENT,
        /** The peer has sent something that nobody has looked at. */
        HEARD,
        /** The first byte is one of TLS. */
        TLS,
        /** The first byte is none of TLS. The first bytes are kept. */
        FOREIGN
    }

    private final SocketChannel socket;
    private final byte[] header = new byte[TlsRecords.HEADER];
    private final ByteBuffer first = ByteBuffer.allocate(TlsRecords.TELLING);
    private EventLoop loop;
    private @Nullable Lease in; // ready to be read
    private @Nullable Lease out; // its position is behind its last byte
    private int sent; // bytes of "out" that have left
    private long left; // bytes that have left in total
    private int headerLength; // bytes of the current record's head that have passed
    private int bodyLeft;
    private Beginning beginning = Beginning.SILENT;
    private boolean bulk; // the owner wants large reads
    private boolean handshakeRefused; // the owner takes no handshake any more
    private boolean eof; // the peer has ended its side
    private boolean closed; // the owner has closed the channel

    CipherChannel(EventLoop loop, SocketChannel socket) {
        this.loop = loop;
        this.socket = socket;
    }

    SocketChannel socket() {
        return socket;
    }

    /**
     * Supplies bytes that have already been read from the socket, before those that are still in it. Is called before
     * the first read.
     */
    void begin(ByteBuffer first) {
        if (first.hasRemaining()) {
            hear();
            in = new Lease(first, null);
        }
    }

    /** Sets whether the next reads should use a large buffer. */
    void bulk(boolean large) {
        bulk = large;
    }

    /**
     * Refuses a handshake in plain text from now on. After the first handshake, that is TLS 1.2's renegotiation. It
     * could replace the certificate with which the peer was admitted, and nobody needs it (RFC 9325, section 3.5).
     */
    void refuseHandshake() {
        handshakeRefused = true;
    }

    private void hear() {
        if (beginning == Beginning.SILENT) {
            beginning = Beginning.HEARD;
        }
    }

    /** Returns whether the peer has sent a byte. */
    boolean heard() {
        return beginning != Beginning.SILENT;
    }

    /** Returns whether the peer's FIN has come. */
    boolean isEof() {
        return eof;
    }

    /** Returns whether this channel holds ciphertext that has left the socket. */
    boolean hasInput() {
        return in != null;
    }

    /**
     * Returns the first bytes of a peer that does not seem to speak TLS; empty if it does, or if it has sent nothing.
     */
    ByteBuffer notTls() {
        return first.duplicate().flip();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        Lease current = in == null ? fill() : in;
        if (current == null) {
            return eof ? -1 : 0;
        }
        int length = recognise(current.buffer) ? passRecord(current.buffer, dst) : 0;
        if (!current.buffer.hasRemaining()) {
            in = null;
            current.giveBack();
        }
        return length;
    }

    private @Nullable Lease fill() throws IOException {
        Lease lease = leaseForInput();
        int length;
        try {
            length = socket.read(lease.buffer);
        } catch (IOException e) {
            lease.giveBack();
            throw e;
        }
        if (length > 0) {
            hear();
            lease.buffer.flip();
            in = lease;
            return lease;
        }
        lease.giveBack();
        if (length < 0) {
            eof = true;
            if (beginning == Beginning.FOREIGN) {
                throw new NotTlsException(TlsRecords.describePlain(notTls()));
            }
        }
        return null;
    }

    private Lease leaseForInput() throws IOException {
        Lease large = bulk ? Lease.of(loop.outboxes(), MemoryUse.BULK) : null;
        return large == null ? needed(Lease.of(loop.chunks(), MemoryUse.NEEDED)) : large;
    }

    private static Lease needed(@Nullable Lease lease) throws IOException {
        if (lease == null) {
            throw new IOException("there is no memory for TLS (portproxy.buffer-memory)");
        }
        return lease;
    }

    /**
     * Returns whether the connection's first byte is one of TLS. If it is not, the bytes are kept until they show what
     * the peer speaks instead.
     */
    private boolean recognise(ByteBuffer bytes) throws NotTlsException {
        if (beginning == Beginning.HEARD) {
            beginning = TlsRecords.isTlsType(bytes.get(bytes.position())) ? Beginning.TLS : Beginning.FOREIGN;
        }
        if (beginning == Beginning.TLS) {
            return true;
        }
        while (bytes.hasRemaining() && first.hasRemaining()) {
            first.put(bytes.get());
        }
        if (TlsRecords.isTelling(notTls())) {
            throw new NotTlsException(TlsRecords.describePlain(notTls()));
        }
        return false;
    }

    /** Passes on bytes of at most one record, so that the engine's buffer is empty after each record. */
    private int passRecord(ByteBuffer from, ByteBuffer dst) throws IOException {
        int start = dst.position();
        while (headerLength < TlsRecords.HEADER && from.hasRemaining() && dst.hasRemaining()) {
            byte next = from.get();
            dst.put(next);
            header[headerLength++] = next;
            if (headerLength == TlsRecords.HEADER) {
                beginRecord();
            }
        }
        int length = Math.min(bodyLeft, Math.min(from.remaining(), dst.remaining()));
        dst.put(dst.position(), from, from.position(), length);
        dst.position(dst.position() + length);
        from.position(from.position() + length);
        bodyLeft -= length;
        if (headerLength == TlsRecords.HEADER && bodyLeft == 0) {
            headerLength = 0;
        }
        return dst.position() - start;
    }

    private void beginRecord() throws IOException {
        bodyLeft = Byte.toUnsignedInt(header[3]) << 8 | Byte.toUnsignedInt(header[4]);
        if (bodyLeft > MAX_RECORD) {
            throw new IOException("a TLS record of " + bodyLeft + " bytes, which is too long");
        }
        if (handshakeRefused && header[0] == TlsRecords.HANDSHAKE) {
            throw new IOException("it wants to renegotiate TLS, which is refused");
        }
    }

    /** Returns how many bytes of ciphertext may be added at present, without the reserve. */
    int room() {
        int free = out == null ? BufferPool.OUTBOX : out.buffer.remaining();
        return Math.max(0, free - RESERVE);
    }

    /** Takes all bytes. */
    @Override
    public int write(ByteBuffer src) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        Lease current = out;
        if (current == null) {
            current = needed(Lease.of(loop.outboxes(), MemoryUse.NEEDED));
            out = current;
        }
        int length = src.remaining();
        if (length > current.buffer.remaining()) {
            throw new IOException("it asks for key updates without reading the answers");
        }
        current.buffer.put(src);
        return length;
    }

    /** Returns how many bytes of ciphertext the socket has taken so far. */
    long left() {
        return left;
    }

    /** Returns whether ciphertext waits for the socket. */
    boolean hasOutput() {
        return out != null;
    }

    /** Writes as many bytes as the socket takes. Returns whether none is left. */
    boolean flush() throws IOException {
        Lease current = out;
        if (current == null) {
            return true;
        }
        ByteBuffer buffer = current.buffer;
        int end = buffer.position();
        buffer.limit(end).position(sent);
        try {
            socket.write(buffer);
        } finally {
            left += buffer.position() - sent;
            sent = buffer.position();
            buffer.limit(buffer.capacity()).position(end);
        }
        if (sent < end) {
            return false;
        }
        out = null;
        sent = 0;
        current.giveBack();
        return true;
    }

    /**
     * Moves the channel to another loop. It copies the bytes that it holds to memory of its own, because the pools
     * belong to the loop.
     */
    void moveTo(EventLoop other) {
        in = in == null ? null : in.toHeap();
        out = out == null ? null : out.toHeap();
        loop = other;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Gives the buffers back. The socket does not change. */
    @Override
    public void close() {
        closed = true;
        if (in != null) {
            in.giveBack();
            in = null;
        }
        if (out != null) {
            out.giveBack();
            out = null;
        }
    }

    /** A buffer and the pool that it belongs to. */
    private static final class Lease {
        private final ByteBuffer buffer;
        private final @Nullable BufferPool pool;

        private Lease(ByteBuffer buffer, @Nullable BufferPool pool) {
            this.buffer = buffer;
            this.pool = pool;
        }

        static @Nullable Lease of(BufferPool pool, MemoryUse use) {
            ByteBuffer buffer = pool.take(use);
            return buffer == null ? null : new Lease(buffer, pool);
        }

        Lease toHeap() {
            ByteBuffer copy = ByteBuffer.allocate(buffer.capacity());
            copy.put(0, buffer, 0, buffer.limit());
            copy.limit(buffer.limit()).position(buffer.position());
            giveBack();
            return new Lease(copy, null);
        }

        void giveBack() {
            if (pool != null) {
                pool.give(buffer);
            }
        }
    }
}
