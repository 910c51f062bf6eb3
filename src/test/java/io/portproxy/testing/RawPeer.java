package io.portproxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * The other end of a tunnel, made by hand: it sends whatever a test wants, and takes what comes apart, which must be
 * instructions that a peer may send.
 */
public final class RawPeer implements AutoCloseable {
    private final PlainSocket socket;
    private int parsed;

    RawPeer(PlainSocket socket) {
        this.socket = socket;
    }

    /** Sends bytes with one write. */
    public void send(byte... bytes) throws IOException {
        socket.send(bytes);
    }

    /** Sends instructions in one packet. */
    public void send(Instruction... instructions) throws IOException {
        socket.send(Instruction.packet(instructions));
    }

    /** Sends bytes, and waits until the program has taken them out of its socket. */
    public void sendAndAwaitRead(byte... bytes) throws IOException {
        socket.sendAndAwaitRead(bytes);
    }

    /** Whether an instruction has come that {@link #nextAny} has not given yet. */
    public boolean hasNext() {
        byte[] rest = socket.received(parsed, socket.size());
        return Instruction.parse(rest, 0, rest.length).isPresent();
    }

    /** Waits for the next instruction that is no heartbeat. */
    public Instruction next() throws InterruptedException {
        Instruction next = nextAny();
        while (next.equals(Instruction.heartbeat())) {
            next = nextAny();
        }
        return next;
    }

    /** Waits for the next instruction. */
    public Instruction nextAny() throws InterruptedException {
        while (true) {
            int size = socket.size();
            Optional<Instruction> next = Instruction.parse(socket.received(parsed, size), 0, size - parsed);
            if (next.isPresent()) {
                parsed += next.get().length();
                return next.get();
            }
            if (socket.end().isPresent() && socket.size() == size) {
                throw new AssertionError("the tunnel ended, " + socket.end().get() + ", instead of an instruction");
            }
            socket.awaitMoreThan(size);
        }
    }

    /** Waits for as many bytes of one stream, with nothing but heartbeats between their InsData. */
    public byte[] nextData(long identity, int count) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            Instruction next = next();
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
