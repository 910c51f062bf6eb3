package io.portproxy.config.properties;

import java.util.Locale;

/** The type of an exposed port. */
public enum PortType {
    /** A port for connections with any bytes. */
    TCP,
    /** A port for HTTP/1.1. The server rewrites the heads of requests. */
    HTTP,
    /** A port for datagrams. */
    UDP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
