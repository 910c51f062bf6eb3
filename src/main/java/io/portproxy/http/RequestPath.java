package io.portproxy.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Brings the path of a request into the form in which it is compared with the paths of hosts. The target gets the path
 * that the user wrote.
 *
 * <p>The steps, in this order: it drops everything from {@code ?} on. It replaces an escape such as {@code %61} with its
 * character, except those of {@code /} and {@code \}, which stay escapes. In each segment it drops everything from
 * {@code ;} on. It drops empty segments and {@code .}, and {@code ..} removes the segment before it (RFC 3986, section
 * 5.2.4). So a user cannot get around a prefix with another spelling that a target would understand.
 */
public final class RequestPath {
    private static final String ROOT = "/";

    private RequestPath() {}

    /**
     * Returns the path of a request target, in any of its four forms (RFC 9112, section 3.2).
     *
     * @return {@code /}, or {@code /a/b} without a slash at its end
     * @throws RefusedException with 400, if the path leaves the root or an escape is malformed
     */
    static String of(String target) throws RefusedException {
        String path = pathOf(target);
        List<String> segments = new ArrayList<>();
        for (String raw : path.split(ROOT, -1)) {
            int parameters = raw.indexOf(';');
            String segment = unescaped(parameters < 0 ? raw : raw.substring(0, parameters));
            int decoded = segment.indexOf(';'); // it was escaped; a target that unescapes first ends the segment here
            add(segments, decoded < 0 ? segment : segment.substring(0, decoded));
        }
        return ROOT + String.join(ROOT, segments);
    }

    /**
     * Checks a path in a configuration.
     *
     * @return the path as {@link #of} would return it
     * @throws IllegalArgumentException if it is not a path; the message says why
     */
    public static String require(String path) {
        if (!path.startsWith(ROOT)) {
            throw new IllegalArgumentException("has to begin with a slash");
        }
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0 || path.indexOf('*') >= 0 || path.indexOf(';') >= 0) {
            throw new IllegalArgumentException("is a prefix, in which none of ? # * ; can stand");
        }
        try {
            return of(path);
        } catch (RefusedException e) {
            throw new IllegalArgumentException("is no path: " + e.reason(), e);
        }
    }

    /** Returns the path of a target in any form, as the user wrote it. */
    static String pathOf(String target) {
        String all = withQuery(target);
        int query = all.indexOf('?');
        return query < 0 ? all : all.substring(0, query);
    }

    /** Returns the path and query of a target in any form. */
    static String withQuery(String target) {
        int authority = target.startsWith(ROOT) ? -1 : target.indexOf("://");
        if (authority < 0) {
            return target.startsWith(ROOT) ? target : ROOT;
        }
        int from = authority + "://".length();
        while (from < target.length() && target.charAt(from) != '/' && target.charAt(from) != '?') {
            from++;
        }
        String rest = target.substring(from);
        return rest.startsWith(ROOT) ? rest : ROOT + rest;
    }

    private static void add(List<String> segments, String segment) throws RefusedException {
        if (segment.equals("..")) {
            if (segments.isEmpty()) {
                throw RefusedException.badRequest("The path leaves the root");
            }
            segments.remove(segments.size() - 1);
        } else if (!segment.isEmpty() && !segment.equals(".")) {
            segments.add(segment);
        }
    }

    private static String unescaped(String segment) throws RefusedException {
        int escape = segment.indexOf('%');
        if (escape < 0) {
            return segment;
        }
        StringBuilder text = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            int value = i + 2 < segment.length()
                    ? Character.digit(segment.charAt(i + 1), 16) * 16 + Character.digit(segment.charAt(i + 2), 16)
                    : -1;
            if (value <= 0
                    || Character.digit(segment.charAt(i + 1), 16) < 0
                    || Character.digit(segment.charAt(i + 2), 16) < 0) {
                throw RefusedException.badRequest("An escape (%) in the path is malformed, or is of the character 0");
            }
            if (value == '/' || value == '\\') {
                text.append(value == '/' ? "%2F" : "%5C");
            } else {
                text.append((char) value);
            }
            i += 2;
        }
        return text.toString();
    }
}
