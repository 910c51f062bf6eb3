package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Records what a decoder reports, one line for each instruction. Consecutive parts of one stream's data become one line, because it does
 * not matter where data is cut.
 */
final class Events implements InstructionHandler {
    private final List<String> lines = new ArrayList<>();
    private final InstructionDecoder decoder = InstructionDecoder.classic(this);
    private final ByteBuffer undecoded;

    /** @param capacity the most bytes to hold at once, including those that are not decoded yet */
    Events(int capacity) {
        undecoded = ByteBuffer.allocate(capacity).flip();
    }

    /** Returns the events of these bytes, received at once. */
    static List<String> of(byte[] bytes) throws ProtocolException {
        Events events = new Events(bytes.length);
        events.receive(bytes);
        return events.lines();
    }

    /** Receives bytes behind those that are not decoded yet. */
    void receive(byte[] bytes) throws ProtocolException {
        receive(bytes, 0, bytes.length);
    }

    void receive(byte[] bytes, int from, int to) throws ProtocolException {
        undecoded.compact().put(bytes, from, to - from).flip();
        boolean decoded = true;
        while (decoded) {
            decoded = decoder.decode(undecoded);
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the number of bytes that wait for the rest of their instruction. */
    int undecoded() {
        return undecoded.remaining();
    }

    @Override
    public void initialRemoteServer(String name) {
        lines.add("InitialRemoteServer " + name);
    }

    @Override
    public void initialConnection(long identity, int targetPort) {
        lines.add("InitialConnection " + Identity.format(identity) + " " + targetPort);
    }

    @Override
    public void heartbeat() {
        lines.add("Heartbeat");
    }

    @Override
    public void dataHead(long identity, long length) {
        lines.add("DataHead " + Identity.format(identity) + " " + length);
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
    public void closeConnection(long identity) {
        lines.add("CloseConnection " + Identity.format(identity));
    }
}
