package io.portproxy.server.exposed;

import java.util.Locale;

/** Why a user is reset before there is a stream. */
public enum PortRefusal {
    /** The port, or its remote, is disabled. */
    DISABLED("has this port disabled"),
    /** A quota of the port, or of its remote, is used up. */
    QUOTA("has used up its quota"),
    /** The remote has no tunnel. */
    REMOTE_AWAY("is away"),
    /** No tunnel of the remote takes another stream: it has as many as it may, or is about to end. */
    LIMIT("takes no more streams"),
    /** The port's target needs the extended dialect, and the remote speaks the classic one. */
    DIALECT("speaks the classic dialect, which cannot name a target's host"),
    /** The port's target is to be told who users are, and the remote cannot. */
    PROXY_PROTOCOL(
            "cannot write a header of the PROXY protocol: it is of an older version, or speaks the classic dialect");

    private final String text;

    PortRefusal(String text) {
        this.text = text;
    }

    /** What the remote does, for a log line. */
    public String text() {
        return text;
    }

    /** The name in metrics and in the API, as in {@code remote_away}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
