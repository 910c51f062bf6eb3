package io.portproxy.protocol;

import java.nio.ByteBuffer;

/** The 48-bit name of a stream, carried in a {@code long} from 0 to 2^48-1. */
public final class Identity {
    /** The largest identity. */
    public static final long MAX = (1L << 48) - 1;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Identity() {}

    /** Returns the identity as people see it: 12 hexadecimal digits. */
    public static String format(long identity) {
        char[] digits = new char[12];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = HEX[(int) (identity >>> (44 - 4 * i)) & 0xf];
        }
        return new String(digits);
    }

    /** Reads the six bytes of an identity at an absolute index. */
    public static long at(ByteBuffer in, int index) {
        return Short.toUnsignedLong(in.getShort(index)) << 32 | Integer.toUnsignedLong(in.getInt(index + 2));
    }

    static void put(ByteBuffer out, long identity) {
        check(identity);
        out.putShort((short) (identity >>> 32)).putInt((int) identity);
    }

    /** Throws {@link IllegalArgumentException} if the identity is out of range: a bug of the caller. */
    static void check(long identity) {
        if (identity < 0 || identity > MAX) {
            throw new IllegalArgumentException("identity " + identity);
        }
    }
}
