package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * The byte stream of a tunnel, or of a user's connection, over a non-blocking socket: plain, or TLS. One loop's thread
 * only.
 *
 * <p>A handler uses it as follows. When its key is ready to write, it calls {@link #flush} and then writes. When its
 * key is ready to read, it calls {@link #read}, and repeats that while {@link #hasBuffered} is true. It does so in this
 * turn or a later one, without waiting for the selector, which does not know of bytes that have already left the
 * socket. After either, it sets the key to {@link #interest}.
 */
public interface Transport extends ByteChannel, GatheringByteChannel {

    /** Returns a transport that adds nothing to the socket. */
    static Transport plain(SocketChannel socket) {
        return new PlainTransport(socket);
    }

    /**
     * Reads the available bytes, as many as fit, as {@link SocketChannel#read} does.
     *
     * @return the number of bytes; 0 if there are none now; -1 if the peer has ended the stream cleanly, under TLS with
     *     a close_notify (RFC 8446, section 6.1)
     * @throws IOException if the connection is lost, if the peer broke the rules of TLS, or if it ended the connection
     *     without a close_notify, so that some bytes may be missing. The message says which. Earlier calls have
     *     returned all bytes that came before
     */
    @Override
    int read(ByteBuffer dst) throws IOException;

    /**
     * Takes bytes for the peer, as {@link SocketChannel#write} does. Under TLS, the transport may hold some 240 KiB
     * that the socket has not taken, as if the send buffer were that much larger. {@link #flush} passes them on.
     *
     * @return the number of bytes taken; 0 if the socket is full
     */
    @Override
    int write(ByteBuffer src) throws IOException;

    /** Does the same as {@link #write(ByteBuffer)} for several buffers in order, until one is not taken whole. */
    @Override
    default long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    default long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(sources[i]);
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return written;
    }

    /**
     * Passes bytes to the socket that {@link #write} has taken and the socket has not.
     *
     * @return whether no byte is held any more; always true for a plain transport
     */
    boolean flush() throws IOException;

    /** Returns how many bytes the socket has taken so far. This shows that even a very slow peer still takes bytes. */
    long sent();

    /** Returns the socket below, for its addresses, its options and its key. */
    SocketChannel socket();

    /**
     * Returns the operations that the socket's key must wait for.
     *
     * @param wantRead whether the caller would read
     * @param wantWrite whether the caller has bytes that {@link #write} did not take
     * @return {@link SelectionKey#OP_READ}, {@link SelectionKey#OP_WRITE}, both or neither
     */
    int interest(boolean wantRead, boolean wantWrite);

    /** Returns whether {@link #read} may return bytes although the socket is not ready to read. */
    boolean hasBuffered();

    /**
     * Ends this direction cleanly: under TLS with a close_notify after all written bytes. The caller calls it again
     * when the socket is ready to write, until it returns true. Then no byte is held, and the caller must end the
     * socket, as {@link CleanClose} does. Nothing can be written or read after the first call.
     *
     * @return whether all bytes have left
     */
    boolean finish() throws IOException;

    /**
     * Returns whether one direction can end while the other goes on. That is so if the socket's FIN is the end. Under
     * TLS, {@link #finish} ends both, because browsers and most libraries take a close_notify for the end of the
     * connection.
     */
    boolean halfCloses();

    /**
     * Gives back its memory. The socket stays open, and the caller must close it. No other method may be called after
     * that.
     */
    void release();

    /** Closes the socket. Without {@link #finish}, a TLS peer can detect that the stream was cut. */
    @Override
    void close();

    /** Closes the socket with a RST, so that the peer cannot take the bytes that it got for the whole. */
    void reset();

    /**
     * Returns the names in the peer's verified certificate: its common name and DNS names; empty without a certificate.
     */
    Set<String> peerNames();

    /** Returns how the stream is protected, for logs: {@code plain}, or {@code TLSv1.3 TLS_AES_128_GCM_SHA256}. */
    String security();

    /**
     * Moves the transport to another loop. Is called on the old loop's thread, before the hand-over and after the key
     * was cancelled. From then on, only the new loop's thread may use the transport.
     */
    void moveTo(EventLoop loop);
}
