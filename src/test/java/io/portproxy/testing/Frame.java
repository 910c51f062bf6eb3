package io.portproxy.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One instruction of the extended dialect as its bytes, put together and taken apart by hand from protocol.md, section 2,
 * without a line of the program's own codec.
 */
public final class Frame {
    /** The version of the dialect that is spoken here. */
    public static final int VERSION = 2;

    private static final int MAX_SHOWN = 64;

    private final byte[] bytes;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Code 16, length 32, body. */
    public static Frame of(int code, byte... body) {
        return claiming(code, body.length, body);
    }

    /** An instruction that claims another length than its body has. */
    public static Frame claiming(int code, long length, byte... body) {
        return new Frame(ByteBuffer.allocate(6 + body.length)
                .putShort((short) code)
                .putInt((int) length)
                .put(body)
                .array());
    }

    /** Hello: version 16, features 32, instance 128, tunnel index 16, nonce 256, resume length 8, name. */
    public static Frame hello(int version, byte[] instance, int index, byte[] nonce, byte[] name) {
        return of(
                0x0010,
                ByteBuffer.allocate(2 + 4 + instance.length + 2 + nonce.length + 1 + name.length)
                        .putShort((short) version)
                        .putInt(0)
                        .put(instance)
                        .putShort((short) index)
                        .put(nonce)
                        .put((byte) 0)
                        .put(name)
                        .array());
    }

    /** Challenge: version 16, features 32, nonce 256. */
    public static Frame challenge(int version, byte[] nonce) {
        return of(
                0x0011,
                ByteBuffer.allocate(6 + nonce.length)
                        .putShort((short) version)
                        .putInt(0)
                        .put(nonce)
                        .array());
    }

    /** Proof: 256 bits. */
    public static Frame proof(byte... proof) {
        return of(0x0012, proof);
    }

    /** Welcome: session 128, features 32, initial window 32, keep-alive ms 32, resume ms 32, proof 256. */
    public static Frame welcome(byte[] session, int window, byte[] proof) {
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
    public static Frame reject(int reason, boolean retry, String message) {
        byte[] text = Bytes.of(message);
        return of(
                0x0014,
                ByteBuffer.allocate(3 + text.length)
                        .putShort((short) reason)
                        .put((byte) (retry ? 1 : 0))
                        .put(text)
                        .array());
    }

    /** Open: identity 48, target port 16, then those fields. */
    public static Frame open(long identity, int port, byte[]... fields) {
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
    public static Frame end(long identity) {
        return of(0x0017, identity(identity, 0).array());
    }

    /** Reset: identity 48, reason 16. */
    public static Frame reset(long identity, int reason) {
        return of(0x0018, identity(identity, 2).putShort((short) reason).array());
    }

    /** Window: identity 48, delivered 64, window 32. */
    public static Frame window(long identity, long delivered, long window) {
        return of(
                0x0019,
                identity(identity, 12).putLong(delivered).putInt((int) window).array());
    }

    /** Ping: opaque 64. */
    public static Frame ping(long opaque) {
        return of(0x001A, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /** Pong: opaque 64. */
    public static Frame pong(long opaque) {
        return of(0x001B, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /** InsData: code 16, identity 48, length 32, data. */
    public static Frame data(long identity, byte... data) {
        return new Frame(ByteBuffer.allocate(12 + data.length)
                .putShort((short) 0x0003)
                .put(identity(identity, 0).array())
                .putInt(data.length)
                .put(data)
                .array());
    }

    private static ByteBuffer identity(long identity, int more) {
        return ByteBuffer.allocate(6 + more).putShort((short) (identity >>> 32)).putInt((int) identity);
    }

    /** Takes the first instruction off some bytes; empty while its end has not come. */
    static Optional<Frame> parse(byte[] buffer) {
        ByteBuffer in = ByteBuffer.wrap(buffer);
        if (buffer.length < 2) {
            return Optional.empty();
        }
        int code = in.getShort(0);
        long length;
        if (code == 0x0002) {
            length = 2;
        } else if (code == 0x0003) {
            length = buffer.length < 12 ? Long.MAX_VALUE : 12 + Integer.toUnsignedLong(in.getInt(8));
        } else if (code >= 0x0010 && code <= 0x001C) {
            length = buffer.length < 6 ? Long.MAX_VALUE : 6 + Integer.toUnsignedLong(in.getInt(2));
        } else {
            throw new AssertionError("code " + code + " was received");
        }
        return buffer.length < length ? Optional.empty() : Optional.of(new Frame(Arrays.copyOf(buffer, (int) length)));
    }

    /** All of its bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Its code. */
    public int code() {
        return ByteBuffer.wrap(bytes).getShort();
    }

    /** Behind code and length; not for InsData. */
    public byte[] body() {
        return Arrays.copyOfRange(bytes, 6, bytes.length);
    }

    /** The data of an InsData. */
    public byte[] data() {
        return Arrays.copyOfRange(bytes, 12, bytes.length);
    }

    /** Its identity; of an instruction that begins with one. */
    public long identity() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int start = code() == 0x0003 ? 2 : 6;
        return Short.toUnsignedLong(in.getShort(start)) << 32 | Integer.toUnsignedLong(in.getInt(start + 2));
    }

    /** A 16-bit number at some place of the body. */
    public int int16(int at) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(6 + at));
    }

    /** A 32-bit number at some place of the body. */
    public long int32(int at) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(6 + at));
    }

    /** A 64-bit number at some place of the body. */
    public long int64(int at) {
        return ByteBuffer.wrap(bytes).getLong(6 + at);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame that && Arrays.equals(bytes, that.bytes);
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
