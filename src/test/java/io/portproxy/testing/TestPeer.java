package io.portproxy.testing;

import io.portproxy.protocol.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * The other end of a tunnel, made by hand. It sends whatever a test wants. It splits what it receives into instructions, and fails if a
 * peer of its dialect must not send one of them.
 */
public final class TestPeer implements AutoCloseable {
    private static final long LARGE_WINDOW = 1 << 29;

    private final Dialect dialect;
    private final PlainSocket socket;
    private boolean obliging;
    private int parsed;

    private TestPeer(Dialect dialect, PlainSocket socket) {
        this.dialect = dialect;
        this.socket = socket;
    }

    /** Connects and sends nothing. */
    public static TestPeer connect(Dialect dialect, InetSocketAddress address) throws IOException {
        return new TestPeer(dialect, PlainSocket.connect(address));
    }

    /** Connects over TLS, trusting {@link TestCertificates#CA}, and sends nothing. */
    public static TestPeer connectOverTls(Dialect dialect, InetSocketAddress address) throws IOException {
        SSLSocket socket = (SSLSocket) TestCertificates.context("", TestCertificates.CA)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
        socket.startHandshake();
        return of(dialect, socket);
    }

    /** Connects from an address of this machine and sends nothing. */
    public static TestPeer connectFrom(Dialect dialect, InetAddress from, InetSocketAddress address)
            throws IOException {
        return of(dialect, new Socket(address.getAddress(), address.getPort(), from, 0));
    }

    static TestPeer of(Dialect dialect, Socket socket) throws IOException {
        return new TestPeer(dialect, PlainSocket.of(socket));
    }

    /**
     * Makes the peer do by itself what only the extended dialect needs, for tests that run in both dialects. Whenever the test asks for
     * an instruction, the peer answers Pings, and answers an Open with Opened and a large window. It does not pass any Opened, Window or
     * GoAway to the test.
     */
    TestPeer oblige() {
        obliging = dialect == Dialect.EXTENDED;
        return this;
    }

    /** Returns its dialect. */
    public Dialect dialect() {
        return dialect;
    }

    /** Returns the instruction with which a server opens a stream. */
    public Instruction opening(long identity, int targetPort) {
        return dialect == Dialect.CLASSIC
                ? Instruction.initialConnection(identity, targetPort)
                : Instruction.open(identity, targetPort);
    }

    /**
     * Returns the instruction with which a side ends a stream after its socket has sent a FIN. In the classic dialect it ends both
     * directions.
     */
    public Instruction ending(long identity) {
        return dialect == Dialect.CLASSIC ? Instruction.closeConnection(identity) : Instruction.end(identity);
    }

    /**
     * Returns the instruction with which a side ends a stream whose connection was cut or could not be opened. The classic one has no
     * reason.
     */
    public Instruction resetting(long identity, int reason) {
        return dialect == Dialect.CLASSIC ? Instruction.closeConnection(identity) : Instruction.reset(identity, reason);
    }

    /** Ends a stream that the other side has ended. In the classic dialect both directions have already ended, so this sends nothing. */
    public void endToo(long identity) throws IOException {
        if (dialect == Dialect.EXTENDED) {
            send(ending(identity));
        }
    }

    /** Returns whether an instruction opens a stream. */
    public boolean isOpening(Instruction instruction) {
        return instruction.code() == (dialect == Dialect.CLASSIC ? 0x0001 : 0x0015);
    }

    /** Sends bytes with one write. */
    public void send(byte... bytes) throws IOException {
        socket.send(bytes);
    }

    /** Sends instructions with one write. */
    public void send(Instruction... instructions) throws IOException {
        socket.send(Instruction.packet(instructions));
    }

    /** Sends bytes, and waits until the program has taken them out of its socket. */
    public void sendAndAwaitRead(byte... bytes) throws IOException {
        socket.sendAndAwaitRead(bytes);
    }

    /** Returns whether an instruction has come that {@link #next} would return. Skips those that it would skip. */
    public boolean hasNext() throws IOException {
        Optional<Instruction> next = received();
        while (next.isPresent() && isSkipped(next.get())) {
            taken(next.get());
            next = received();
        }
        return next.isPresent();
    }

    private Optional<Instruction> received() {
        return Instruction.parse(dialect, socket.received(parsed, socket.size()));
    }

    private boolean isSkipped(Instruction instruction) {
        return switch (instruction.code()) {
            case 0x0002, 0x001A, 0x001B -> true;
            case 0x0016, 0x0019, 0x001C -> obliging;
            default -> false;
        };
    }

    private void taken(Instruction instruction) throws IOException {
        parsed += instruction.length();
        if (obliging && instruction.code() == 0x001A) {
            send(Instruction.of(0x001B, instruction.body()));
        } else if (obliging && instruction.code() == 0x0015) {
            long identity = instruction.identity();
            send(Instruction.opened(identity), Instruction.window(identity, 0, LARGE_WINDOW));
        }
    }

    /** Waits for the next instruction that is no Ping, Pong or heartbeat. */
    public Instruction next() throws IOException, InterruptedException {
        Instruction next = nextAny();
        while (isSkipped(next)) {
            next = nextAny();
        }
        return next;
    }

    /** Waits for the next instruction, which must have that code. Skips Pings, Pongs and heartbeats. */
    public Instruction next(int code) throws IOException, InterruptedException {
        Instruction next = next();
        if (next.code() != code) {
            throw new AssertionError(next + " came instead of code " + code);
        }
        return next;
    }

    /** Waits for the next instruction, which must open a stream. Skips Pings, Pongs and heartbeats. */
    public Instruction nextOpening() throws IOException, InterruptedException {
        Instruction next = next();
        if (!isOpening(next)) {
            throw new AssertionError(next + " came instead of an opening");
        }
        return next;
    }

    /** Waits for the next instruction of that code, and skips all others. */
    public Instruction nextOf(int code) throws IOException, InterruptedException {
        Instruction next = nextAny();
        while (next.code() != code) {
            next = nextAny();
        }
        return next;
    }

    /** Waits for the next instruction. */
    public Instruction nextAny() throws IOException, InterruptedException {
        while (true) {
            int size = socket.size();
            Optional<Instruction> next = Instruction.parse(dialect, socket.received(parsed, size));
            if (next.isPresent()) {
                taken(next.get());
                return next.get();
            }
            if (socket.end().isPresent() && socket.size() == size) {
                throw new AssertionError("the tunnel ended, " + socket.end().get() + ", instead of an instruction");
            }
            socket.awaitMoreThan(size);
        }
    }

    /**
     * Waits until that many bytes of one stream have come. Between their InsData, nothing may come that {@link #next} would return. A
     * peer of the extended dialect that is not {@linkplain #oblige obliging} skips everything except InsData instead.
     */
    public byte[] nextData(long identity, int count) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            Instruction next = dialect == Dialect.CLASSIC || obliging ? next() : nextOf(0x0003);
            if (next.code() != 0x0003 || next.identity() != identity) {
                throw new AssertionError(next + " came after " + all.size() + " of " + count + " bytes");
            }
            all.writeBytes(next.data());
        }
        return all.toByteArray();
    }

    /** Returns the connection below. */
    public PlainSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
