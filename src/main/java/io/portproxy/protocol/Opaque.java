package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes without a meaning of their own: a nonce, a proof, the id of an instance or of a session. Immutable; its
 * {@code toString} does not show them, so that no log does by accident.
 */
public final class Opaque {
    private final byte[] bytes;

    private Opaque(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes. */
    public static Opaque of(byte[] bytes) {
        return new Opaque(bytes.clone());
    }

    /** A new nonce. */
    public static Opaque nonce(SecureRandom random) {
        return random(random, Wire.NONCE_LENGTH);
    }

    /** A new id for an instance or a session. */
    public static Opaque id(SecureRandom random) {
        return random(random, Wire.ID_LENGTH);
    }

    private static Opaque random(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new Opaque(bytes);
    }

    /** Takes the next {@code length} bytes. */
    static Opaque read(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new Opaque(bytes);
    }

    void write(ByteBuffer out) {
        out.put(bytes);
    }

    /** Throws {@link IllegalArgumentException} when it has another length: that is a bug of ours. */
    void expect(int length, String what) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(what + " of " + bytes.length + " bytes");
        }
    }

    /** How many bytes there are. */
    public int length() {
        return bytes.length;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes as hexadecimal digits, for ids that may be shown. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Whether the bytes are the same, in a time that does not tell how many of them are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Opaque opaque && MessageDigest.isEqual(bytes, opaque.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "(" + bytes.length + " bytes)";
    }
}
