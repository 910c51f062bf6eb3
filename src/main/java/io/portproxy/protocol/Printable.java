package io.portproxy.protocol;

/**
 * Prepares text from other parties for logs, events and the API. In the result, each character is visible, and none
 * changes the direction of the text beside it (Unicode Technical Report 36, section 2). Any thread.
 */
public final class Printable {
    private static final char INSTEAD = '?';

    /** Letters and marks without a width that Unicode does not list among the format characters. */
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

    /** Returns the text with a question mark in place of each invisible character. */
    public static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> shown.appendCodePoint(isSeen(character) ? character : INSTEAD));
        return shown.toString();
    }

    /** Does the same as {@link #of(String)}, and cuts the text after {@code most} characters. */
    public static String of(String text, int most) {
        return of(text.length() > most ? text.substring(0, most) + "…" : text);
    }

    /** Returns whether each character is visible. */
    public static boolean is(String text) {
        return isPlain(text) || text.codePoints().allMatch(Printable::isSeen);
    }

    /** Returns whether the text has only printable ASCII characters, as most texts have. Then nothing is allocated. */
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
