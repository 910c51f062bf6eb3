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
 * <p>How a handler uses it: when its key is ready to write, call {@link #flush} and then write. When its key is ready
 * to read, call {@link #read}, and repeat it while {@link #hasBuffered} is true (in this turn or a later one, without
 * waiting for the selector, which does not know about bytes that have left the socket already). After either, set the
 * key to {@link #interest}.
 */
public interface Transport extends ByteChannel, GatheringByteChannel {

    /** A transport that adds nothing to the socket. */
    static Transport plain(SocketChannel socket) {
        return new PlainTransport(socket);
    }

    /**
     * Reads as {@link SocketChannel#read}: what there is, as much as fits.
     *
     * @return bytes read; 0 when there are none now; -1 when the peer has ended the stream cleanly, under TLS with a
     *     close_notify (RFC 8446, section 6.1)
     * @throws IOException the connection is lost, the peer broke TLS's rules, or it ended the connection without
     *     close_notify, so that what came may be a part only; the message says which, and what came before it has been
     *     returned by earlier calls
     */
    @Override
    int read(ByteBuffer dst) throws IOException;

    /**
     * Takes bytes for the peer as {@link SocketChannel#write}. Under TLS some 240 KiB that the socket has not taken may
     * be held, as if its send buffer were that much larger: {@link #flush} hands them on.
     *
     * @return bytes taken; 0 when the socket is full
     */
    @Override
    int write(ByteBuffer src) throws IOException;

    /** As {@link #write(ByteBuffer)}, one behind the other, until one is not taken whole. */
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
     * Hands to the socket what {@link #write} has taken and the socket has not.
     *
     * @return whether nothing is held any more; always, when plain
     */
    boolean flush() throws IOException;

    /** Bytes that the socket has taken so far: what tells that a peer that is far behind still takes some. */
    long sent();

    /** The socket below, for its addresses, its options and its key. */
    SocketChannel socket();

    /**
     * What the socket's key must wait for.
     *
     * @param wantRead whether the caller would read
     * @param wantWrite whether the caller has bytes that {@link #write} did not take
     * @return {@link SelectionKey#OP_READ}, {@link SelectionKey#OP_WRITE}, both or neither
     */
    int interest(boolean wantRead, boolean wantWrite);

    /** Whether {@link #read} may have something to return although the socket is not ready to read. */
    boolean hasBuffered();

    /**
     * Ends this direction cleanly: under TLS with a close_notify behind all that was written. Call it again when the
     * socket is ready to write, until it returns true; then nothing is held, and the socket is the caller's to end, as
     * {@link CleanClose} does. Nothing can be written or read after the first call.
     *
     * @return whether all has left
     */
    boolean finish() throws IOException;

    /**
     * Whether one direction can end and the other go on: when the socket's FIN is the end. Under TLS {@link #finish} ends both,
     * as browsers and most libraries take a close_notify for the end of the connection.
     */
    boolean halfCloses();

    /** Gives back the memory that it has; the socket stays, and is the caller's to close. Nothing else may be called behind it. */
    void release();

    /** Closes the socket; without {@link #finish} a TLS peer can tell that the stream was cut. */
    @Override
    void close();

    /** Closes the socket with a RST, so that the peer cannot take what it got for the whole. */
    void reset();

    /** The names in the peer's verified certificate: its common name and DNS names; empty without a certificate. */
    Set<String> peerNames();

    /** How the stream is protected, for logs: {@code plain}, or {@code TLSv1.3 TLS_AES_128_GCM_SHA256}. */
    String security();

    /**
     * Leaves its loop for another. Old loop's thread only, before the hand-over, and after the key was cancelled; from
     * then on the new loop's thread only.
     */
    void moveTo(EventLoop loop);
}
