package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A part of a head.
 *
 * @param from its first byte
 * @param to behind its last
 */
record ByteRange(int from, int to) {
    /** The value of the field whose colon is at {@code colon} and whose CR is at {@code end}, without blanks around it. */
    static ByteRange value(byte[] bytes, int colon, int end) {
        int from = colon + 1;
        while (from < end && Ascii.isBlank(bytes[from])) {
            from++;
        }
        int to = end;
        while (to > from && Ascii.isBlank(bytes[to - 1])) {
            to--;
        }
        return new ByteRange(from, to);
    }

    boolean isEmpty() {
        return from == to;
    }

    String text(byte[] bytes) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /** The first element of a list. */
    ByteRange firstElement(byte[] bytes) {
        int end = Ascii.indexOf(bytes, ',', from, to);
        return value(bytes, from - 1, end);
    }
}
