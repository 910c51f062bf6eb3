package io.portproxy.testing;

import io.portproxy.protocol.Dialect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** One instruction of either dialect as its bytes. It is built and parsed by hand from protocol.md, without the program's own codec. */
public final class Instruction {
    /** The version of the extended dialect that the tests speak. */
    public static final int VERSION = 2;

    private static final int MAX_SHOWN = 64;
    private static final int MAX_CLASSIC_DATA = 64 * 1024;

    private final byte[] bytes;

    private Instruction(byte[] bytes) {
        this.bytes = bytes;
    }

    /** InsInitialRemoteServer: code 16, length 32, name. */
    public static Instruction greeting(String name) {
        return greeting(Bytes.of(name));
    }

    /** InsInitialRemoteServer with a name of any bytes. */
    public static Instruction greeting(byte[] name) {
        return of(0x0000, name);
    }

    /** InsInitialConnection: code 16, identity 48, target port 16. */
    public static Instruction initialConnection(long identity, int targetPort) {
        return new Instruction(
                classic(0x0001, identity, 2).putShort((short) targetPort).array());
    }

    /** InsHeartbeat: code 16. */
    public static Instruction heartbeat() {
        return new Instruction(new byte[] {0x00, 0x02});
    }

    /** InsData: code 16, identity 48, length 32, data. */
    public static Instruction data(long identity, byte... data) {
        return new Instruction(classic(0x0003, identity, 4 + data.length)
                .putInt(data.length)
                .put(data)
                .array());
    }

    /** Returns the head of an InsData with a length field of the caller's choice. */
    public static byte[] dataHead(long identity, long claimed) {
        return classic(0x0003, identity, 4).putInt((int) claimed).array();
    }

    /** InsCloseConnection: code 16, identity 48. */
    public static Instruction closeConnection(long identity) {
        return new Instruction(classic(0x0004, identity, 0).array());
    }

    private static ByteBuffer classic(int code, long identity, int more) {
        return ByteBuffer.allocate(8 + more)
                .putShort((short) code)
                .put(identity(identity, 0).array());
    }

    /** An instruction of the extended dialect: code 16, length 32, body. */
    public static Instruction of(int code, byte... body) {
        return claiming(code, body.length, body);
    }

    /** An instruction whose length field does not match its body. */
    public static Instruction claiming(int code, long length, byte... body) {
        return new Instruction(ByteBuffer.allocate(6 + body.length)
                .putShort((short) code)
                .putInt((int) length)
                .put(body)
                .array());
    }

    /** Hello: version 16, features 32, instance 128, tunnel index 16, nonce 256, resume length 8, name. */
    public static Instruction hello(int version, byte[] instance, int index, byte[] nonce, byte[] name) {
        return hello(version, 0, instance, index, nonce, name);
    }

    /** Datagram: identity 48, data. */
    public static Instruction datagram(long identity, byte... data) {
        return of(
                0x0022,
                ByteBuffer.allocate(6 + data.length)
                        .putShort((short) (identity >>> 32))
                        .putInt((int) identity)
                        .put(data)
                        .array());
    }

    /** Hello, as above, with a choice of features. */
    public static Instruction hello(int version, int features, byte[] instance, int index, byte[] nonce, byte[] name) {
        return of(
                0x0010,
                ByteBuffer.allocate(2 + 4 + instance.length + 2 + nonce.length + 1 + name.length)
                        .putShort((short) version)
                        .putInt(features)
                        .put(instance)
                        .putShort((short) index)
                        .put(nonce)
                        .put((byte) 0)
                        .put(name)
                        .array());
    }

    /** Challenge: version 16, features 32, nonce 256. */
    public static Instruction challenge(int version, byte[] nonce) {
        return of(
                0x0011,
                ByteBuffer.allocate(6 + nonce.length)
                        .putShort((short) version)
                        .putInt(0)
                        .put(nonce)
                        .array());
    }

    /** Proof: 256 bits. */
    public static Instruction proof(byte... proof) {
        return of(0x0012, proof);
    }

    /** Welcome: session 128, features 32, initial window 32, keep-alive ms 32, resume ms 32, proof 256. */
    public static Instruction welcome(byte[] session, int window, byte[] proof) {
        return of(
                0x0013,
                ByteBuffer.allocate(16 + 16 + proof.length)
                        .put(session)
                        .putInt(0)
                        .putInt(window)
                        .putInt(1000)
                        .putInt(0)
                        .put(proof)
                        .array());
    }

    /** Reject: reason 16, retry 8, message. */
    public static Instruction reject(int reason, boolean retry, String message) {
        byte[] text = Bytes.of(message);
        return of(
                0x0014,
                ByteBuffer.allocate(3 + text.length)
                        .putShort((short) reason)
                        .put((byte) (retry ? 1 : 0))
                        .put(text)
                        .array());
    }

    /** Open: identity 48, target port 16, then the given fields. */
    public static Instruction open(long identity, int port, byte[]... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(identity(identity, 2).putShort((short) port).array());
        for (byte[] field : fields) {
            body.writeBytes(field);
        }
        return of(0x0015, body.toByteArray());
    }

    /** A field of an Open: type 16, length 16, value. */
    public static byte[] field(int type, String value) {
        byte[] text = Bytes.of(value);
        return ByteBuffer.allocate(4 + text.length)
                .putShort((short) type)
                .putShort((short) text.length)
                .put(text)
                .array();
    }

    /** End: identity 48. */
    public static Instruction end(long identity) {
        return of(0x0017, identity(identity, 0).array());
    }

    /** Reset: identity 48, reason 16. */
    public static Instruction reset(long identity, int reason) {
        return of(0x0018, identity(identity, 2).putShort((short) reason).array());
    }

    /** Window: identity 48, delivered 64, window 32. */
    public static Instruction window(long identity, long delivered, long window) {
        return of(
                0x0019,
                identity(identity, 12).putLong(delivered).putInt((int) window).array());
    }

    /** Ping: opaque 64. */
    public static Instruction ping(long opaque) {
        return of(0x001A, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /** Pong: opaque 64. */
    public static Instruction pong(long opaque) {
        return of(0x001B, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /** Opened: identity 48. */
    public static Instruction opened(long identity) {
        return of(0x0016, identity(identity, 0).array());
    }

    /** Expose: number 16, type 16, port 16, only 8, target port 16, host length 8, host. */
    public static Instruction expose(int number, int port, boolean only, int targetPort) {
        return of(
                0x001F,
                ByteBuffer.allocate(10)
                        .putShort((short) number)
                        .putShort((short) 0)
                        .putShort((short) port)
                        .put((byte) (only ? 1 : 0))
                        .putShort((short) targetPort)
                        .put((byte) 0)
                        .array());
    }

    private static ByteBuffer identity(long identity, int more) {
        return ByteBuffer.allocate(6 + more).putShort((short) (identity >>> 32)).putInt((int) identity);
    }

    /**
     * Takes the first instruction off the bytes.
     *
     * @return empty if the instruction is not complete yet
     * @throws AssertionError the dialect has no such code, or the program must not send the instruction: in the classic dialect an
     *     InsData that is empty or has more than 64 KiB
     */
    static Optional<Instruction> parse(Dialect dialect, byte[] buffer) {
        if (buffer.length < 2) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(buffer);
        long length = dialect == Dialect.CLASSIC ? classicLength(in) : extendedLength(in);
        return buffer.length < length
                ? Optional.empty()
                : Optional.of(new Instruction(Arrays.copyOf(buffer, (int) length)));
    }

    private static long classicLength(ByteBuffer in) {
        int code = in.getShort(0);
        return switch (code) {
            case 0x0000 -> lengthAfter(in, 2);
            case 0x0001 -> 10;
            case 0x0002 -> 2;
            case 0x0003 -> {
                long length = lengthAfter(in, 8);
                if (length != Long.MAX_VALUE && (length == 12 || length > 12 + MAX_CLASSIC_DATA)) {
                    throw new AssertionError("an InsData of " + (length - 12) + " bytes was received");
                }
                yield length;
            }
            case 0x0004 -> 8;
            default -> throw new AssertionError("code " + code + " was received");
        };
    }

    private static long extendedLength(ByteBuffer in) {
        int code = in.getShort(0);
        if (code == 0x0002) {
            return 2;
        } else if (code == 0x0003) {
            return lengthAfter(in, 8);
        } else if (code >= 0x0010 && code <= 0x0022) {
            return lengthAfter(in, 2);
        }
        throw new AssertionError("code " + code + " was received");
    }

    /** Returns the whole length of an instruction that has a length field at the given place and its body behind that field. */
    private static long lengthAfter(ByteBuffer in, int at) {
        return in.remaining() < at + 4 ? Long.MAX_VALUE : at + 4 + Integer.toUnsignedLong(in.getInt(at));
    }

    /** Returns the bytes of several instructions, to be sent as one packet. */
    public static byte[] packet(Instruction... instructions) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Instruction instruction : instructions) {
            all.writeBytes(instruction.bytes);
        }
        return all.toByteArray();
    }

    /** Returns all of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns its code. */
    public int code() {
        return ByteBuffer.wrap(bytes).getShort();
    }

    /** Returns its length in bytes, head included. */
    public int length() {
        return bytes.length;
    }

    /** Returns the bytes behind code and length. For the extended dialect only. */
    public byte[] body() {
        return Arrays.copyOfRange(bytes, 6, bytes.length);
    }

    /** Returns the data of an InsData. */
    public byte[] data() {
        return Arrays.copyOfRange(bytes, 12, bytes.length);
    }

    /** Returns its identity. For instructions that begin with an identity. */
    public long identity() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int start = code() >= 0 && code() < 0x0010 ? 2 : 6;
        return Short.toUnsignedLong(in.getShort(start)) << 32 | Integer.toUnsignedLong(in.getInt(start + 2));
    }

    /** Returns the target port of an instruction that opens a stream. */
    public int targetPort() {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(code() == 0x0001 ? 8 : 12));
    }

    /** Returns the 16-bit number at an offset in the body. */
    public int int16(int at) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(6 + at));
    }

    /** Returns the 32-bit number at an offset in the body. */
    public long int32(int at) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(6 + at));
    }

    /** Returns the 64-bit number at an offset in the body. */
    public long int64(int at) {
        return ByteBuffer.wrap(bytes).getLong(6 + at);
    }

    /** Returns all of its bytes in hexadecimal. */
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
