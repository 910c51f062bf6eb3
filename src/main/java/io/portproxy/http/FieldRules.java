package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which fields of a head are taken out, and which lines are put in behind the others. A name means all spellings that a program which
 * takes its fields from CGI variables could take for it: {@code X_User} is {@code X-User}.
 *
 * @param names those that are taken out, in lower case, with a hyphen for all that is neither letter nor digit
 * @param lines those that are put in, each with its line end
 */
public record FieldRules(List<String> names, String lines) {
    /** Changes nothing. */
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
     * Puts each field in with its one value, in place of what there was, and takes the others out.
     *
     * @throws IllegalArgumentException a field cannot be changed, or cannot have the value
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
     * Whether a target could read {@code Forwarded} (RFC 7239) or {@code X-Forwarded-*} out of it. A target that takes
     * its fields from CGI variables does not see a difference between {@code -}, {@code _} and the other marks.
     */
    static boolean isForwarded(byte[] bytes, int from, int to) {
        return Ascii.startsFolded(bytes, from, to, X_FORWARDED) || Ascii.equalFolded(bytes, from, to, FORWARDED);
    }

    /**
     * Checks a name (RFC 9110, section 5.1).
     *
     * @throws IllegalArgumentException it is none, or it is of a field that the server itself needs; the message says so
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
     * Checks a value (RFC 9110, section 5.5): printable ASCII and tabs.
     *
     * @throws IllegalArgumentException it is none; the message says so
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

    /** The same, and one field more. */
    FieldRules with(String name, String value) {
        List<String> all = new ArrayList<>(names);
        all.add(folded(name));
        return new FieldRules(all, lines + name + ": " + value + "\r\n");
    }

    boolean isEmpty() {
        return names.isEmpty() && lines.isEmpty();
    }

    /** Whether the field with this name is taken out. */
    boolean takeOut(byte[] bytes, int from, int to) {
        for (int i = 0; i < names.size(); i++) {
            if (Ascii.equalFolded(bytes, from, to, names.get(i))) {
                return true;
            }
        }
        return false;
    }
}
