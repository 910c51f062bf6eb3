package io.portproxy.protocol;

/** The 48-bit name of a stream, carried in a {@code long} from 0 to 2^48-1. */
public final class Identity {
    /** The largest identity. */
    public static final long MAX = (1L << 48) - 1;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Identity() {}

    /** The identity as people see it: 12 hexadecimal digits. */
    public static String format(long identity) {
        char[] digits = new char[12];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = HEX[(int) (identity >>> (44 - 4 * i)) & 0xf];
        }
        return new String(digits);
    }
}
