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
 * What lies between the TLS engine and the socket: one large read feeds many records, many records leave in one large
 * write, and each record's head is looked at on its way in. It never refuses a write, so the engine never waits for the
 * socket: whoever writes data asks {@link #room} first, and what the engine says by itself (answers to key updates, an
 * alert, close_notify) is small and has a reserve. Loop's thread only.
 */
final class CipherChannel implements ByteChannel {
    /** The longest record that is let in; the engine would not take a longer one. RFC 8446, section 5.2, allows less. */
    private static final int MAX_RECORD = TlsResources.RECORD_BUFFER - TlsRecords.HEADER;

    /** Kept free for what the engine says by itself. */
    private static final int RESERVE = 16 * 1024;

    private final SocketChannel socket;
    private final byte[] header = new byte[TlsRecords.HEADER];
    private final ByteBuffer first = ByteBuffer.allocate(TlsRecords.TELLING);
    private EventLoop loop;
    private @Nullable Lease in; // ready to be read
    private @Nullable Lease out; // positioned behind its last byte
    private int sent; // bytes of out that have left
    private long left; // bytes that have left in all
    private int headerLength; // bytes of the present record's head that have passed
    private int bodyLeft;
    private boolean recognised;
    private boolean bulk;
    private boolean handshakeRefused;
    private boolean heard;
    private boolean eof;
    private boolean closed;

    CipherChannel(EventLoop loop, SocketChannel socket) {
        this.loop = loop;
        this.socket = socket;
    }

    SocketChannel socket() {
        return socket;
    }

    /** Has bytes read that have left the socket already, ahead of what it has; before the first read. */
    void begin(ByteBuffer first) {
        if (first.hasRemaining()) {
            heard = true;
            in = new Lease(first, null);
        }
    }

    /** Whether the next reads are worth a large buffer. */
    void bulk(boolean large) {
        bulk = large;
    }

    /**
     * From now on a handshake in plain sight is refused. After the first one that is TLS 1.2's renegotiation: it could
     * replace the certificate that the peer was admitted with, and nobody needs it (RFC 9325, section 3.5).
     */
    void refuseHandshake() {
        handshakeRefused = true;
    }

    /** Whether the peer has sent a byte. */
    boolean heard() {
        return heard;
    }

    /** Whether the peer's FIN has come. */
    boolean isEof() {
        return eof;
    }

    /** Whether ciphertext waits here that has left the socket. */
    boolean hasInput() {
        return in != null;
    }

    /** The first bytes of a peer that does not seem to speak TLS; empty when it does, or has said nothing. */
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
            heard = true;
            lease.buffer.flip();
            in = lease;
            return lease;
        }
        lease.giveBack();
        if (length < 0) {
            eof = true;
            if (first.position() > 0) {
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

    /** Whether the connection's first byte is one of TLS; until what it is instead is known, bytes are kept aside. */
    private boolean recognise(ByteBuffer bytes) throws NotTlsException {
        if (!recognised && first.position() == 0 && TlsRecords.isTlsType(bytes.get(bytes.position()))) {
            recognised = true;
        }
        if (recognised) {
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

    /** Hands on bytes of one record at most, so that the engine's buffer is empty after each. */
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

    /** Bytes of ciphertext that may be added just now, beside the reserve. */
    int room() {
        int free = out == null ? BufferPool.OUTBOX : out.buffer.remaining();
        return Math.max(0, free - RESERVE);
    }

    /** Takes all of it. */
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

    /** Bytes of ciphertext that the socket has taken so far. */
    long left() {
        return left;
    }

    /** Whether ciphertext waits for the socket. */
    boolean hasOutput() {
        return out != null;
    }

    /** Writes as much as the socket takes; returns whether that was all. */
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

    /** Takes what is held along to another loop, in memory of its own, since the pools are the loop's. */
    void moveTo(EventLoop other) {
        in = in == null ? null : in.toHeap();
        out = out == null ? null : out.toHeap();
        loop = other;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Gives the buffers back; the socket stays as it is. */
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

    /** A buffer and where it belongs. */
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
