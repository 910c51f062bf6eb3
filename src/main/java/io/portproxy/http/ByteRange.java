package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A range of bytes in a head.
 *
 * @param from the index of its first byte
 * @param to the index after its last byte
 */
record ByteRange(int from, int to) {
    /** Returns the field value between the colon at {@code colon} and the CR at {@code end}, without blanks around it. */
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

    /** Returns the first element of a list that is separated by commas. */
    ByteRange firstElement(byte[] bytes) {
        int end = Ascii.indexOf(bytes, ',', from, to);
        return value(bytes, from - 1, end);
    }
}
