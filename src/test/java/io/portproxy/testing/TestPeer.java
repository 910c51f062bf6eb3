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
 * The other end of a tunnel, made by hand: it sends whatever a test wants, and takes what comes apart, which must be instructions
 * that a peer of its dialect may send.
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

    /** Connects, and says nothing. */
    public static TestPeer connect(Dialect dialect, InetSocketAddress address) throws IOException {
        return new TestPeer(dialect, PlainSocket.connect(address));
    }

    /** Connects over TLS, trusting {@link TestCertificates#CA}, and says nothing. */
    public static TestPeer connectOverTls(Dialect dialect, InetSocketAddress address) throws IOException {
        SSLSocket socket = (SSLSocket) TestCertificates.context("", TestCertificates.CA)
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
        socket.startHandshake();
        return of(dialect, socket);
    }

    /** Connects from an address of this machine, and says nothing. */
    public static TestPeer connectFrom(Dialect dialect, InetAddress from, InetSocketAddress address)
            throws IOException {
        return of(dialect, new Socket(address.getAddress(), address.getPort(), from, 0));
    }

    static TestPeer of(Dialect dialect, Socket socket) throws IOException {
        return new TestPeer(dialect, PlainSocket.of(socket));
    }

    /**
     * From now on it does by itself what the extended dialect has and the classic one has not, for tests of what is the same in both:
     * whenever the test asks for an instruction it answers Pings, and an Open with Opened and a large window; and the test is not
     * given any Opened, Window or GoAway.
     */
    TestPeer oblige() {
        obliging = dialect == Dialect.EXTENDED;
        return this;
    }

    /** What it speaks. */
    public Dialect dialect() {
        return dialect;
    }

    /** What a server opens a stream with. */
    public Instruction opening(long identity, int targetPort) {
        return dialect == Dialect.CLASSIC
                ? Instruction.initialConnection(identity, targetPort)
                : Instruction.open(identity, targetPort);
    }

    /** What a side ends a stream with whose socket has sent a FIN; classic ends both directions with it. */
    public Instruction ending(long identity) {
        return dialect == Dialect.CLASSIC ? Instruction.closeConnection(identity) : Instruction.end(identity);
    }

    /** What a side ends a stream with that is cut or cannot be had; classic does not tell why. */
    public Instruction resetting(long identity, int reason) {
        return dialect == Dialect.CLASSIC ? Instruction.closeConnection(identity) : Instruction.reset(identity, reason);
    }

    /** Ends a stream that the other side has ended. In the classic dialect that was the end of both directions: nothing is sent. */
    public void endToo(long identity) throws IOException {
        if (dialect == Dialect.EXTENDED) {
            send(ending(identity));
        }
    }

    /** Whether an instruction opens a stream. */
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

    /** Whether an instruction has come that {@link #next} would give; skips those that it would skip. */
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

    /** Waits for the next instruction, which must have that code; Pings, Pongs and heartbeats are skipped. */
    public Instruction next(int code) throws IOException, InterruptedException {
        Instruction next = next();
        if (next.code() != code) {
            throw new AssertionError(next + " came instead of code " + code);
        }
        return next;
    }

    /** Waits for the next instruction, which must open a stream; Pings, Pongs and heartbeats are skipped. */
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
     * Waits for as many bytes of one stream. Between their InsData nothing may come that {@link #next} gives, unless this is a peer
     * of the extended dialect who is not {@linkplain #oblige obliging}: then all that is no InsData is skipped.
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

    /** The connection below. */
    public PlainSocket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
