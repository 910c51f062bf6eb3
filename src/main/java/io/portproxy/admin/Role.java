package io.portproxy.admin;

import java.util.Locale;

/** Which end of a tunnel something is seen from. */
enum Role {
    SERVER,
    CLIENT;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
