package io.portproxy.protocol;

/**
 * WireText that somebody else wrote, as logs, events and the API show them: each character can be seen, and none turns the
 * direction of what stands beside it (Unicode Technical Report 36, section 2). Any thread.
 */
public final class Printable {
    private static final char INSTEAD = '?';

    /** Letters and marks of no width, which Unicode does not have among the format characters. */
    private static final int[][] OF_NO_WIDTH = {
        {0x034f, 0x034f},
        {0x115f, 0x1160},
        {0x17b4, 0x17b5},
        {0x180b, 0x180f},
        {0x3164, 0x3164},
        {0xfe00, 0xfe0f},
        {0xffa0, 0xffa0},
        {0xe0100, 0xe01ef},
    };

    private Printable() {}

    /** The text with a question mark in place of each character that cannot be seen. */
    public static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> shown.appendCodePoint(isSeen(character) ? character : INSTEAD));
        return shown.toString();
    }

    /** As {@link #of(String)}, cut behind so many characters. */
    public static String of(String text, int most) {
        return of(text.length() > most ? text.substring(0, most) + "…" : text);
    }

    /** Whether each character can be seen. */
    public static boolean is(String text) {
        return isPlain(text) || text.codePoints().allMatch(Printable::isSeen);
    }

    /** Most texts are: nothing is made then. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isSeen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> !isOfNoWidth(character);
        };
    }

    private static boolean isOfNoWidth(int character) {
        for (int[] range : OF_NO_WIDTH) {
            if (character >= range[0] && character <= range[1]) {
                return true;
            }
        }
        return false;
    }
}
