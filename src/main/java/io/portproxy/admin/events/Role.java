package io.portproxy.admin.events;

import java.util.Locale;

/** The end of a tunnel that reports something. */
public enum Role {
    SERVER,
    CLIENT;

    /** Returns the name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
