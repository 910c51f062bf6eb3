package io.portproxy.tunnel.connection;

import io.portproxy.net.LogFields;
import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Wire;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line at level TRACE for each instruction that a tunnel sends or receives: the tunnel, the instruction's name as in
 * protocol.md, the stream's identity, and the length. No bytes of users or targets are written. On the tunnel's loop.
 */
public final class InstructionTrace {
    private static final Logger log = LoggerFactory.getLogger(InstructionTrace.class);

    private static final int IDENTITY_AT = Wire.EXTENDED_HEAD; // the offset within an extended instruction

    private final Supplier<LogFields> fields;
    private final Object tunnel;
    private boolean on;

    /**
     * @param tunnel the tunnel, as it appears in the lines
     * @param fields the fields of each line
     */
    InstructionTrace(Object tunnel, Supplier<LogFields> fields) {
        this.tunnel = tunnel;
        this.fields = fields;
    }

    /**
     * Asks the logger for its level, which can change at any time. Is called once in each turn and each read, not for
     * each instruction.
     */
    void look() {
        on = log.isTraceEnabled();
    }

    /** Returns the result of {@link #look}. While nothing is traced, this is the only cost for an instruction. */
    boolean isOn() {
        return on;
    }

    /**
     * Traces an instruction that was received whole, or an InsData whose head was received.
     *
     * @param bytes the buffer that contains it
     * @param start where it begins
     * @param length the length of the instruction; that of an InsData is in its head
     */
    void received(ByteBuffer bytes, int start, int length) {
        write("received", bytes, start, length);
    }

    /** Traces an instruction that is to be sent. The parameters are those of {@link #received}. */
    void sent(ByteBuffer bytes, int start, int length) {
        write("sent", bytes, start, length);
    }

    /** Traces an InsData with {@code length} bytes of data that is to be sent. */
    void sentData(long identity, int length) {
        write("sent", Wire.DATA, Identity.format(identity), length);
    }

    /** Traces a Datagram that is to be sent. The length in bytes includes its head. */
    void sentDatagram(long identity, int length) {
        write("sent", Wire.DATAGRAM, Identity.format(identity), length);
    }

    private void write(String direction, ByteBuffer bytes, int start, int length) {
        int code = Short.toUnsignedInt(bytes.getShort(start));
        switch (code) {
            case Wire.DATA ->
                write(
                        direction,
                        code,
                        Identity.format(Identity.at(bytes, start + Wire.CODE_LENGTH)),
                        Integer.toUnsignedLong(bytes.getInt(start + Wire.CODE_LENGTH + Wire.IDENTITY_LENGTH)));
            case Wire.INITIAL_CONNECTION, Wire.CLOSE_CONNECTION ->
                write(direction, code, Identity.format(Identity.at(bytes, start + Wire.CODE_LENGTH)), length);
            case Wire.OPEN, Wire.OPENED, Wire.END, Wire.RESET, Wire.WINDOW, Wire.DATAGRAM ->
                write(direction, code, Identity.format(Identity.at(bytes, start + IDENTITY_AT)), length);
            default -> write(direction, code, "", length);
        }
    }

    private void write(String direction, int code, String identity, long length) {
        fields.get()
                .andIdentity(identity)
                .log(() -> log.trace(
                        "{} {} {}{}{}, {} bytes",
                        tunnel,
                        direction,
                        Wire.name(code),
                        identity.isEmpty() ? "" : " of stream ",
                        identity,
                        length));
    }
}
