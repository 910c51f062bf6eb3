package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes without a meaning of their own: a nonce, a proof, the id of an instance or of a session. Immutable. Its
 * {@code toString} does not show them, so that they do not get into a log by accident.
 */
public final class OpaqueBytes {
    private final byte[] bytes;

    private OpaqueBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a copy of these bytes. */
    public static OpaqueBytes of(byte[] bytes) {
        return new OpaqueBytes(bytes.clone());
    }

    /** Creates a nonce. */
    public static OpaqueBytes nonce(SecureRandom random) {
        return random(random, Wire.NONCE_LENGTH);
    }

    /** Creates an id for an instance or a session. */
    public static OpaqueBytes id(SecureRandom random) {
        return random(random, Wire.ID_LENGTH);
    }

    private static OpaqueBytes random(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new OpaqueBytes(bytes);
    }

    /** Takes the next {@code length} bytes. */
    static OpaqueBytes read(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new OpaqueBytes(bytes);
    }

    void write(ByteBuffer out) {
        out.put(bytes);
    }

    /** Throws {@link IllegalArgumentException} if the length differs: a bug of the caller. */
    void expect(int length, String what) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(what + " of " + bytes.length + " bytes");
        }
    }

    /** Returns the number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the bytes as hexadecimal digits, for ids that may be shown. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Returns whether the bytes are the same. The time that this takes does not depend on how many of the bytes are
     * equal.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof OpaqueBytes opaque && MessageDigest.isEqual(bytes, opaque.bytes);
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
