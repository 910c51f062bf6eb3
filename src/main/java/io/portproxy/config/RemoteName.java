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
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            problems.add(property, name, "is too long: " + bytes + " bytes in UTF-8", fix);
            return "";
        }
        return name;
    }
}
