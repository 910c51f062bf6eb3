package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Records what the decoder of an extended tunnel reports, one line for each instruction. Consecutive parts of one stream's data become
 * one line, because it does not matter where data is cut.
 */
final class ExtendedEvents implements ExtendedHandler {
    private final List<String> lines = new ArrayList<>();
    private final InstructionDecoder decoder = InstructionDecoder.extended(this, true);
    private final ByteBuffer undecoded;

    /** @param capacity the most bytes to hold at once, including those that are not decoded yet */
    ExtendedEvents(int capacity) {
        undecoded = ByteBuffer.allocate(capacity).flip();
    }

    static List<String> of(byte[] bytes) throws ProtocolException {
        ExtendedEvents events = new ExtendedEvents(bytes.length);
        events.receive(bytes, 0, bytes.length);
        return events.lines();
    }

    /** Receives bytes behind those that are not decoded yet. */
    void receive(byte[] bytes, int from, int to) throws ProtocolException {
        undecoded.compact().put(bytes, from, to - from).flip();
        int start;
        do {
            start = undecoded.position();
        } while (decoder.decode(undecoded));
        if (undecoded.position() != start) {
            throw new AssertionError("bytes were taken without saying so");
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the number of bytes that wait for the rest of their instruction. */
    int undecoded() {
        return undecoded.remaining();
    }

    private void line(String name, long identity, Object... rest) {
        StringBuilder line = new StringBuilder(name).append(' ').append(Identity.format(identity));
        for (Object value : rest) {
            line.append(' ').append(value);
        }
        lines.add(line.toString());
    }

    @Override
    public void heartbeat() {
        lines.add("Heartbeat");
    }

    @Override
    public void dataHead(long identity, long length) {
        line("DataHead", identity, length);
    }

    @Override
    public void data(long identity, ByteBuffer data) {
        if (!data.hasRemaining()) {
            throw new AssertionError("data must never be empty");
        }
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        String head = "Data " + Identity.format(identity) + " ";
        int last = lines.size() - 1;
        if (last >= 0 && lines.get(last).startsWith(head)) {
            lines.set(last, lines.get(last) + hex);
        } else {
            lines.add(head + hex);
        }
    }

    @Override
    public void datagram(long identity, ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        line("Datagram", identity, HexFormat.of().formatHex(bytes));
    }

    @Override
    public void closeConnection(long identity) {
        line("CloseConnection", identity);
    }

    @Override
    public void open(Open open) {
        line(
                "Open",
                open.identity(),
                open.targetPort(),
                open.targetHost().orElse("-"),
                open.userAddress().orElse("-"),
                open.exposedAddress().orElse("-"),
                open.transport().orElse("-"),
                open.portName().orElse("-"));
    }

    @Override
    public void opened(long identity) {
        line("Opened", identity);
    }

    @Override
    public void end(long identity) {
        line("End", identity);
    }

    @Override
    public void reset(long identity, Reason reason) {
        line("Reset", identity, reason);
    }

    @Override
    public void window(long identity, long delivered, long window) {
        line("Window", identity, delivered, window);
    }

    @Override
    public void ping(long opaque) {
        lines.add("Ping " + Long.toHexString(opaque));
    }

    @Override
    public void pong(long opaque) {
        lines.add("Pong " + Long.toHexString(opaque));
    }

    @Override
    public void goAway(Reason reason, long deadlineMillis) {
        lines.add("GoAway " + reason + " " + deadlineMillis);
    }

    @Override
    public void expose(ExposeInstruction instruction) {
        lines.add(instruction.toString());
    }
}
