package io.portproxy.config.properties;

import java.util.Locale;

/** What is exposed. */
public enum PortType {
    /** Any bytes. */
    TCP,
    /** HTTP/1.1, whose request heads are rewritten. */
    HTTP,
    /** Datagrams. */
    UDP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
