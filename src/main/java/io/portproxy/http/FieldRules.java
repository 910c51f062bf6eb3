package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The fields that are taken out of a head, and the lines that are added after the others. A name stands for every
 * spelling that a program could take for it if it reads fields from CGI variables: {@code X_User} is {@code X-User}.
 *
 * @param names the names of the fields that are taken out, in lower case, with a hyphen for each character that is
 *     neither a letter nor a digit
 * @param lines the lines that are added, each with its line end
 */
public record FieldRules(List<String> names, String lines) {
    /** Rules that change nothing. */
    public static final FieldRules NONE = new FieldRules(List.of(), "");

    private static final List<String> FRAMING = List.of(
            "content-length",
            "transfer-encoding",
            "connection",
            "host",
            "upgrade",
            "te",
            "trailer",
            "keep-alive",
            "proxy-connection",
            "expect",
            "http2-settings");

    private static final String WEB_SOCKET = "sec-websocket-";
    private static final String FORWARDED = "forwarded";
    private static final String X_FORWARDED = "x-forwarded";

    public FieldRules {
        names = List.copyOf(names);
    }

    /**
     * Returns rules that set the fields in {@code set}, in place of those that the head has, and take out the fields in
     * {@code remove}.
     *
     * @throws IllegalArgumentException if a field cannot be changed, or cannot have the value
     */
    public static FieldRules of(Map<String, String> set, Collection<String> remove) {
        List<String> names = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        set.forEach((name, value) -> {
            requireValue(value);
            names.add(folded(requireName(name)));
            lines.append(name).append(": ").append(value.strip()).append("\r\n");
        });
        remove.forEach(name -> names.add(folded(requireName(name))));
        return new FieldRules(names, lines.toString());
    }

    /**
     * Returns whether a target could take the name for {@code Forwarded} (RFC 7239) or {@code X-Forwarded-*}. A target
     * that takes its fields from CGI variables does not distinguish between {@code -}, {@code _} and other marks.
     */
    static boolean isForwarded(byte[] bytes, int from, int to) {
        return Ascii.startsFolded(bytes, from, to, X_FORWARDED) || Ascii.equalFolded(bytes, from, to, FORWARDED);
    }

    /**
     * Checks the name of a field (RFC 9110, section 5.1).
     *
     * @throws IllegalArgumentException if it is malformed, or if the server itself sets this field; the message says so
     */
    public static String requireName(String name) {
        byte[] bytes = name.getBytes(ISO_8859_1);
        String folded = folded(name);
        if (!Ascii.isToken(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException("is no name of a field");
        } else if (folded.equals("host")) {
            throw new IllegalArgumentException("is what host-header says");
        } else if (FRAMING.contains(folded) || folded.startsWith(WEB_SOCKET)) {
            throw new IllegalArgumentException("says where a message ends or what becomes of the connection");
        } else if (isForwarded(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException("is what forwarded-headers says");
        }
        return name;
    }

    /**
     * Checks the value of a field (RFC 9110, section 5.5): printable ASCII and tabs.
     *
     * @throws IllegalArgumentException if it contains another character; the message says so
     */
    public static String requireValue(String value) {
        if (!value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
            throw new IllegalArgumentException(
                    "has a line end or another character that is neither printable ASCII nor a tab");
        }
        return value;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    }

    /** Returns the same rules with one field more. */
    FieldRules with(String name, String value) {
        List<String> all = new ArrayList<>(names);
        all.add(folded(name));
        return new FieldRules(all, lines + name + ": " + value + "\r\n");
    }

    boolean isEmpty() {
        return names.isEmpty() && lines.isEmpty();
    }

    /** Returns whether the field with this name is taken out. */
    boolean takeOut(byte[] bytes, int from, int to) {
        for (int i = 0; i < names.size(); i++) {
            if (Ascii.equalFolded(bytes, from, to, names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
