package io.portproxy.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** A transport that is only the socket. Loop's thread only. */
final class PlainTransport implements Transport {
    private final SocketChannel socket;
    private long sent;

    PlainTransport(SocketChannel socket) {
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return socket.read(dst);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int length = socket.write(src);
        sent += length;
        return length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = socket.write(sources, offset, length);
        sent += written;
        return written;
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public boolean flush() {
        return true;
    }

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public int interest(boolean wantRead, boolean wantWrite) {
        return (wantRead ? SelectionKey.OP_READ : 0) | (wantWrite ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public boolean hasBuffered() {
        return false;
    }

    @Override
    public boolean finish() {
        return true;
    }

    @Override
    public boolean halfCloses() {
        return true;
    }

    @Override
    public void release() {
        // It has no memory of its own.
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() {
        Sockets.close(socket);
    }

    @Override
    public void reset() {
        Sockets.reset(socket);
    }

    @Override
    public Set<String> peerNames() {
        return Set.of();
    }

    @Override
    public String security() {
        return "plain";
    }

    @Override
    public void moveTo(EventLoop loop) {
        // Nothing here belongs to a loop.
    }

    @Override
    public String toString() {
        return "plain connection with " + Sockets.remote(socket);
    }
}
