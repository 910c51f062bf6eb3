package io.portproxy.http;

/** The kinds of requests, by their effect on their response and on the connection. */
enum RequestKind {
    PLAIN,
    /** The response has no body, whatever its head says. */
    HEAD,
    /** A 101 may end HTTP on the connection. */
    UPGRADE,
    /** Any 2xx ends HTTP on the connection. */
    CONNECT;

    /** Returns whether the response decides how to read the user's further bytes. */
    boolean mayEndHttp() {
        return this == UPGRADE || this == CONNECT;
    }

    /** Returns the kind as messages name it. */
    String text() {
        return this == UPGRADE ? "an Upgrade" : name();
    }
}
