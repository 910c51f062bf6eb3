package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The changes to one head, sorted by the places that they change. They do not overlap. */
final class HeadEdits {
    /** {@code text} in place of {@code [from, to)}. */
    private record Edit(int from, int to, String text) {}

    private final List<Edit> edits = new ArrayList<>(3);

    boolean isEmpty() {
        return edits.isEmpty();
    }

    /** Puts {@code text} in place of {@code [from, to)}. */
    void replace(int from, int to, String text) {
        int at = edits.size();
        while (at > 0 && edits.get(at - 1).from > from) {
            at--;
        }
        edits.add(at, new Edit(from, to, text));
    }

    void insert(int at, String text) {
        replace(at, at, text);
    }

    /** Leaves out the line from {@code line} to its CR at {@code end}. */
    void dropLine(int line, int end) {
        replace(line, end + 2, "");
    }

    /** Returns the head in {@code bytes[0, length)} with all changes. */
    byte[] apply(byte[] bytes, int length) {
        int size = length;
        for (Edit edit : edits) {
            size += edit.text.length() - (edit.to - edit.from);
        }
        byte[] out = new byte[size];
        int at = 0;
        int from = 0;
        for (Edit edit : edits) {
            at = append(bytes, from, edit.from, out, at);
            byte[] text = edit.text.getBytes(ISO_8859_1);
            at = append(text, 0, text.length, out, at);
            from = edit.to;
        }
        append(bytes, from, length, out, at);
        return out;
    }

    static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static int append(byte[] source, int from, int to, byte[] out, int at) {
        System.arraycopy(source, from, out, at, to - from);
        return at + to - from;
    }
}
