package io.portproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** The other end of an extended tunnel, made by hand: sends whatever a test wants, and takes what comes apart. */
public final class FramePeer implements AutoCloseable {
    private final PlainSocket socket;
    private int parsed;

    private FramePeer(PlainSocket socket) {
        this.socket = socket;
    }

    /** Connects, and says nothing. */
    public static FramePeer connect(InetSocketAddress address) throws IOException {
        return new FramePeer(PlainSocket.connect(address));
    }

    /** Connects over TLS, trusting {@link TestCertificates#CA}, and says nothing. */
    public static FramePeer connectOverTls(InetSocketAddress address) throws IOException {
        SSLSocket socket = (SSLSocket) TestCertificates.context("", TestCertificates.CA)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
        socket.startHandshake();
        return of(socket);
    }

    /** Connects from an address of this machine, and says nothing. */
    public static FramePeer connectFrom(InetAddress from, InetSocketAddress address) throws IOException {
        return of(new Socket(address.getAddress(), address.getPort(), from, 0));
    }

    static FramePeer of(Socket socket) throws IOException {
        return new FramePeer(PlainSocket.of(socket));
    }

    /** Sends bytes with one write. */
    public void send(byte... bytes) throws IOException {
        socket.send(bytes);
    }

    /** Sends instructions with one write. */
    public void send(Frame... frames) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        socket.send(all.toByteArray());
    }

    /** Whether an instruction has come that {@link #next} would give; skips those that it would skip. */
    public boolean hasNext() {
        Optional<Frame> next = received();
        while (next.isPresent() && isSignOfLife(next.get())) {
            parsed += next.get().bytes().length;
            next = received();
        }
        return next.isPresent();
    }

    private Optional<Frame> received() {
        return Frame.parse(socket.received(parsed, socket.size()));
    }

    private static boolean isSignOfLife(Frame frame) {
        return frame.code() == 0x0002 || frame.code() == 0x001A || frame.code() == 0x001B;
    }

    /** Waits for the next instruction that is no Ping, Pong or heartbeat. */
    public Frame next() throws InterruptedException {
        Frame next = nextAny();
        while (isSignOfLife(next)) {
            next = nextAny();
        }
        return next;
    }

    /** Waits for the next instruction, which must have that code; Pings, Pongs and heartbeats are skipped. */
    public Frame next(int code) throws InterruptedException {
        Frame next = next();
        if (next.code() != code) {
            throw new AssertionError(next + " came instead of code " + code);
        }
        return next;
    }

    /** Waits for the next instruction of that code, and skips all others. */
    public Frame nextOf(int code) throws InterruptedException {
        Frame next = nextAny();
        while (next.code() != code) {
            next = nextAny();
        }
        return next;
    }

    /** Waits for the next instruction. */
    public Frame nextAny() throws InterruptedException {
        while (true) {
            int size = socket.size();
            Optional<Frame> next = Frame.parse(socket.received(parsed, size));
            if (next.isPresent()) {
                parsed += next.get().bytes().length;
                return next.get();
            }
            if (socket.end().isPresent() && socket.size() == size) {
                throw new AssertionError("the tunnel ended, " + socket.end().get() + ", instead of an instruction");
            }
            socket.awaitMoreThan(size);
        }
    }

    /** Waits for as many bytes of one stream, and skips all that is no InsData. */
    public byte[] nextData(long identity, int count) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            Frame next = nextOf(0x0003);
            if (next.identity() != identity) {
                throw new AssertionError("data of another stream: " + next);
            }
            all.writeBytes(next.data());
        }
        return all.toByteArray();
    }

    /** The connection below. */
    public PlainSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
