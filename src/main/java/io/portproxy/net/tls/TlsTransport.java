package io.portproxy.net.tls;

import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsReadException;
import tlschannel.TlsChannel;

/** The stream inside a {@link TlsLink} whose handshake is complete. Loop's thread only. */
final class TlsTransport implements Transport {
    /**
     * Room in a reader's buffer for the contents of any record. With less room, the engine needs a buffer of its own.
     */
    private static final int MAX_PLAIN = 16 * 1024 + 256;

    /** A reader with this much room gets a large read. */
    private static final int BULK = 2 * MAX_PLAIN;

    /** With less room for ciphertext than this, the transport writes to the socket first. */
    private static final int WORTHWHILE = 32 * 1024;

    private final TlsLink link;
    private final CipherChannel cipher;
    private final TlsChannel tls;
    private @Nullable IOException broken;
    private boolean buffered;
    private boolean ended;
    private boolean finishing;

    TlsTransport(TlsLink link) {
        this.link = link;
        this.cipher = link.cipher();
        this.tls = link.tls();
        this.buffered = cipher.hasInput();
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (broken == null && finishing) {
            throw new ClosedChannelException();
        }
        int start = dst.position();
        if (broken == null && !ended) {
            readRecords(dst);
        }
        int length = dst.position() - start;
        if (length > 0) {
            return length; // these bytes come first, then the end
        }
        buffered &= !ended;
        if (broken != null) {
            throw broken;
        }
        return ended ? -1 : 0;
    }

    private void readRecords(ByteBuffer dst) {
        int start = dst.position();
        cipher.bulk(dst.remaining() >= BULK);
        buffered = true;
        try {
            while (!ended && dst.hasRemaining() && (dst.position() == start || dst.remaining() >= MAX_PLAIN)) {
                readRecord(dst);
            }
        } catch (NeedsReadException e) {
            buffered = false;
        } catch (IOException | RuntimeException | AssertionError e) {
            broken = link.broken(e);
        }
        if (cipher.hasOutput()) {
            link.trySend(); // an alert, or an answer to the peer's key update
        }
    }

    private void readRecord(ByteBuffer dst) throws IOException {
        if (tls.read(dst) < 0) {
            if (!tls.shutdownReceived()) {
                throw link.cut();
            }
            ended = true;
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        if (finishing) {
            throw new ClosedChannelException();
        }
        int start = src.position();
        int end = src.limit();
        try {
            while (src.position() < end && hasRoom()) {
                // A record has some 16 KiB, and encryption adds a few bytes to each: one sixteenth is more than enough
                // room for that.
                src.limit(Math.min(end, src.position() + cipher.room() / 16 * 15));
                if (tls.write(src) == 0) {
                    throw new ClosedChannelException(); // the peer's end has ended both directions
                }
                src.limit(end);
            }
            cipher.flush();
        } catch (SSLException | RuntimeException | AssertionError e) {
            throw link.broken(e);
        } finally {
            src.limit(end);
        }
        return src.position() - start;
    }

    private boolean hasRoom() throws IOException {
        if (cipher.room() < WORTHWHILE) {
            cipher.flush();
        }
        return cipher.room() >= WORTHWHILE;
    }

    @Override
    public boolean flush() throws IOException {
        return cipher.flush();
    }

    @Override
    public long sent() {
        return cipher.left();
    }

    @Override
    public SocketChannel socket() {
        return cipher.socket();
    }

    @Override
    public int interest(boolean wantRead, boolean wantWrite) {
        return (wantRead ? SelectionKey.OP_READ : 0) | (wantWrite || cipher.hasOutput() ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public boolean hasBuffered() {
        return buffered;
    }

    @Override
    public boolean finish() throws IOException {
        try {
            if (!finishing) {
                finishing = true;
                buffered = false;
                tls.shutdown();
            }
            if (!cipher.flush()) {
                return false;
            }
        } catch (RuntimeException | AssertionError e) {
            throw TlsLink.internal(e);
        }
        link.release();
        return true;
    }

    @Override
    public boolean halfCloses() {
        return false;
    }

    @Override
    public void release() {
        link.release();
    }

    @Override
    public boolean isOpen() {
        return cipher.isOpen() && socket().isOpen();
    }

    @Override
    public void close() {
        link.release();
        Sockets.close(socket());
    }

    @Override
    public void reset() {
        link.release();
        Sockets.reset(socket());
    }

    @Override
    public Set<String> peerNames() {
        return link.peerNames();
    }

    @Override
    public String security() {
        return link.security();
    }

    @Override
    public void moveTo(EventLoop loop) {
        cipher.moveTo(loop);
    }

    @Override
    public String toString() {
        return link.toString();
    }
}
