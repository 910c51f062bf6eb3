package io.portproxy.admin.events;

import java.util.Locale;

/** Which end of a tunnel something is seen from. */
public enum Role {
    SERVER,
    CLIENT;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
