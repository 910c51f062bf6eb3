package io.portproxy.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One instruction of the classic dialect as its bytes, put together and taken apart by hand from protocol.md, section 1,
 * without a line of the program's own codec.
 */
public final class Instruction {
    private static final int MAX_SHOWN = 64;

    private final byte[] bytes;

    private Instruction(byte[] bytes) {
        this.bytes = bytes;
    }

    /** InsInitialRemoteServer: code 16, length 32, name. */
    public static Instruction greeting(String name) {
        return greeting(name.getBytes(StandardCharsets.UTF_8));
    }

    /** InsInitialRemoteServer with a name of any bytes. */
    public static Instruction greeting(byte[] name) {
        return new Instruction(ByteBuffer.allocate(6 + name.length)
                .putShort((short) 0x0000)
                .putInt(name.length)
                .put(name)
                .array());
    }

    /** InsInitialConnection: code 16, identity 48, target port 16. */
    public static Instruction initialConnection(long identity, int targetPort) {
        return new Instruction(
                withIdentity(0x0001, identity, 2).putShort((short) targetPort).array());
    }

    /** InsHeartbeat: code 16. */
    public static Instruction heartbeat() {
        return new Instruction(new byte[] {0x00, 0x02});
    }

    /** InsData: code 16, identity 48, length 32, data. */
    public static Instruction data(long identity, byte... data) {
        return new Instruction(withIdentity(0x0003, identity, 4 + data.length)
                .putInt(data.length)
                .put(data)
                .array());
    }

    /** The head of an InsData that claims a length of its own. */
    public static byte[] dataHead(long identity, long claimed) {
        return withIdentity(0x0003, identity, 4).putInt((int) claimed).array();
    }

    /** InsCloseConnection: code 16, identity 48. */
    public static Instruction closeConnection(long identity) {
        return new Instruction(withIdentity(0x0004, identity, 0).array());
    }

    private static ByteBuffer withIdentity(int code, long identity, int more) {
        return ByteBuffer.allocate(8 + more)
                .putShort((short) code)
                .putShort((short) (identity >>> 32))
                .putInt((int) identity);
    }

    /**
     * Takes the first instruction off some bytes.
     *
     * @return empty while its end has not come
     * @throws AssertionError there is none of that code, or one that we must not send: an empty InsData, or one of more
     *     than 64 KiB
     */
    static Optional<Instruction> parse(byte[] buffer, int from, int to) {
        ByteBuffer in = ByteBuffer.wrap(buffer, from, to - from).slice();
        if (in.remaining() < 2) {
            return Optional.empty();
        }
        int code = in.getShort(0);
        long length = switch (code) {
            case 0x0000 -> in.remaining() < 6 ? Long.MAX_VALUE : 6 + Integer.toUnsignedLong(in.getInt(2));
            case 0x0001 -> 10;
            case 0x0002 -> 2;
            case 0x0003 -> in.remaining() < 12 ? Long.MAX_VALUE : 12 + dataLength(in.getInt(8));
            case 0x0004 -> 8;
            default -> throw new AssertionError("code " + code + " was received");
        };
        return in.remaining() < length
                ? Optional.empty()
                : Optional.of(new Instruction(Arrays.copyOfRange(buffer, from, from + (int) length)));
    }

    private static long dataLength(int length) {
        if (length < 1 || length > 64 * 1024) {
            throw new AssertionError("an InsData of " + Integer.toUnsignedLong(length) + " bytes was received");
        }
        return length;
    }

    /** Several instructions, as the bytes of one packet. */
    public static byte[] packet(Instruction... instructions) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Instruction instruction : instructions) {
            all.writeBytes(instruction.bytes);
        }
        return all.toByteArray();
    }

    /** All of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** Its code. */
    public int code() {
        return ByteBuffer.wrap(bytes).getShort();
    }

    /** Its identity; not for a greeting or a heartbeat. */
    public long identity() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return Short.toUnsignedLong(in.getShort(2)) << 32 | Integer.toUnsignedLong(in.getInt(4));
    }

    /** The data of an InsData. */
    public byte[] data() {
        return Arrays.copyOfRange(bytes, 12, bytes.length);
    }

    /** All of its bytes in hex. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Instruction that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.ofDelimiter(" ");
        return bytes.length <= MAX_SHOWN
                ? hex.formatHex(bytes)
                : hex.formatHex(bytes, 0, MAX_SHOWN) + " … (" + bytes.length + " bytes)";
    }
}
