package io.portproxy.net;

import java.net.InetAddress;

/** IP addresses as text. Never resolves a name. */
public final class IpText {
    private static final int V4_PARTS = 4;
    private static final int V6_GROUPS = 8;

    private IpText() {}

    /** Returns the address in the canonical form of RFC 5952, without a zone. */
    public static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == V4_PARTS) {
            return address.getHostAddress();
        }
        int[] groups = new int[V6_GROUPS];
        for (int i = 0; i < V6_GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        return v6(groups);
    }

    private static String v6(int[] groups) {
        int zeros = longestZeros(groups);
        int zerosEnd = zeros;
        while (zerosEnd < V6_GROUPS && groups[zerosEnd] == 0) {
            zerosEnd++;
        }
        boolean shorten = zerosEnd - zeros > 1;
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < V6_GROUPS; i++) {
            if (shorten && i == zeros) {
                text.append("::");
                i = zerosEnd - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Returns the index where the longest run of zero groups begins; the first one if several are equally long. */
    private static int longestZeros(int[] groups) {
        int best = 0;
        int bestLength = 0;
        int length = 0;
        for (int i = 0; i < V6_GROUPS; i++) {
            length = groups[i] == 0 ? length + 1 : 0;
            if (length > bestLength) {
                bestLength = length;
                best = i - length + 1;
            }
        }
        return best;
    }

    /** Returns the four bytes of a dotted address; no bytes if the text is not one. */
    static byte[] v4(String host) {
        byte[] bytes = new byte[V4_PARTS];
        int part = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i <= host.length(); i++) {
            char c = i < host.length() ? host.charAt(i) : '.';
            if (c == '.' && digits > 0 && part < V4_PARTS) {
                bytes[part++] = (byte) value;
                digits = 0;
                value = 0;
            } else if (c >= '0' && c <= '9' && digits < 3 && value * 10 + c - '0' <= 0xff) {
                digits++;
                value = value * 10 + c - '0';
            } else {
                return new byte[0];
            }
        }
        return part == V4_PARTS ? bytes : new byte[0];
    }
}
