package io.portproxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;

/** The fields that are added to every request of one connection, made once. */
final class ForwardedFields {
    private static final byte[] HOST = "X-Forwarded-Host: ".getBytes(US_ASCII);
    private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
    private static final byte[] PROTO = "X-Forwarded-Proto: http\r\n".getBytes(US_ASCII);

    private final byte[] forUser;

    ForwardedFields(InetAddress user) {
        forUser = ("X-Forwarded-For: " + IpText.of(user) + "\r\n").getBytes(US_ASCII);
    }

    /** What {@link #write} writes, given the length of the host. */
    int length(int hostLength) {
        int fixed = forUser.length + PROTO.length;
        return hostLength == 0 ? fixed : fixed + HOST.length + hostLength + LINE_END.length;
    }

    /**
     * Writes the fields. Without a host {@code X-Forwarded-Host} is left out.
     *
     * @param bytes holds the host that the user named, in {@code [from, to)}
     * @return where {@code out} goes on
     */
    int write(byte[] bytes, int from, int to, byte[] out, int at) {
        int next = put(forUser, 0, forUser.length, out, at);
        if (from < to) {
            next = put(HOST, 0, HOST.length, out, next);
            next = put(bytes, from, to, out, next);
            next = put(LINE_END, 0, LINE_END.length, out, next);
        }
        return put(PROTO, 0, PROTO.length, out, next);
    }

    private static int put(byte[] source, int from, int to, byte[] out, int at) {
        System.arraycopy(source, from, out, at, to - from);
        return at + to - from;
    }
}
