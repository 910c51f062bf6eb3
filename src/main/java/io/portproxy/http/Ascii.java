package io.portproxy.http;

/** Compares raw bytes with ASCII text and does not make strings for it. */
final class Ascii {
    private Ascii() {}

    static int toLower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    static boolean isAlphanumeric(byte b) {
        int c = toLower(b);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    static boolean isHostByte(byte b) {
        return isAlphanumeric(b) || b == '-' || b == '.' || b == '_' || b == '~' || b == '%';
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns whether the byte is a {@code tchar} of RFC 9110 section 5.6.2. */
    private static boolean isTokenByte(byte b) {
        return isAlphanumeric(b) || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }

    static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isTokenByte(bytes[i])) {
                return false;
            }
        }
        return from < to;
    }

    /** Returns whether {@code bytes[from, to)} consists only of letters, digits and hyphens. */
    static boolean isPlainName(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isAlphanumeric(bytes[i]) && bytes[i] != '-') {
                return false;
            }
        }
        return true;
    }

    /** Returns the index of the first {@code wanted} in {@code bytes[from, to)}, or {@code to} if there is none. */
    static int indexOf(byte[] bytes, char wanted, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /** Returns whether {@code bytes[from, to)} is {@code text}. */
    static boolean equal(byte[] bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] != text.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether {@code bytes[from, to)} is {@code text}, in any case. {@code text} is in lower case. */
    static boolean equalIgnoreCase(byte[] bytes, int from, int to, String text) {
        return to - from == text.length() && startsIgnoreCase(bytes, from, to, text);
    }

    /** Returns whether {@code bytes[from, to)} begins with {@code text}, in any case. {@code text} is in lower case. */
    static boolean startsIgnoreCase(byte[] bytes, int from, int to, String text) {
        if (to - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (toLower(bytes[from + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether {@code bytes[from, to)} begins with {@code text} for a target that compares names as CGI does:
     * all characters other than letters and digits are equal. {@code text} is in lower case and written with hyphens.
     */
    static boolean startsFolded(byte[] bytes, int from, int to, String text) {
        if (to - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            byte b = bytes[from + i];
            int folded = isAlphanumeric(b) ? toLower(b) : '-';
            if (folded != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Compares as {@link #startsFolded} does, but the whole name. */
    static boolean equalFolded(byte[] bytes, int from, int to, String text) {
        return to - from == text.length() && startsFolded(bytes, from, to, text);
    }
}
