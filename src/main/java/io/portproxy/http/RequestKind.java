package io.portproxy.http;

/** What a request means for what follows it, on the connection and in its response. */
enum RequestKind {
    PLAIN,
    /** Its response has no body, whatever its head says. */
    HEAD,
    /** The connection may stop being HTTP with a 101. */
    UPGRADE,
    /** The connection stops being HTTP with any 2xx. */
    CONNECT;

    /** Whether the response decides what the user's further bytes are. */
    boolean mayEndHttp() {
        return this == UPGRADE || this == CONNECT;
    }

    /** As people see it. */
    String text() {
        return this == UPGRADE ? "an Upgrade" : name();
    }
}
