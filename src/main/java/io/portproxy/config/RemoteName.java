package io.portproxy.config;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules for remote names; the tunnel protocol's, section 1. */
final class RemoteName {
    private static final int MAX_BYTES = 255;

    private RemoteName() {}

    /** The name, or an empty text after a problem was added. */
    static String check(Problems problems, String property, @Nullable String name) {
        String fix = "write a name of 1 to " + MAX_BYTES + " bytes, the same on the remote and on the proxy server";
        if (name == null || name.isBlank()) {
            problems.add(property, name, name == null ? "is missing" : "is empty", fix);
            return "";
        }
        if (name.indexOf('\uFFFD') >= 0) {
            // So the JDK reads an argument or a variable that the locale's encoding does not have.
            problems.add(
                    property,
                    name,
                    "has a character that could not be read: " + System.getProperty("sun.jnu.encoding", "this locale")
                            + " does not have it",
                    "set LC_ALL=C.UTF-8 before the start, or write the name in a file");
            return "";
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            problems.add(property, name, "is too long: " + bytes + " bytes in UTF-8", fix);
            return "";
        }
        return name;
    }
}
