package io.portproxy.server.exposed;

import io.portproxy.server.limits.LimitRefusal;
import java.util.Locale;

/** The reason why a user is refused before there is a stream. */
public enum PortRefusal {
    /** The port, or its remote, is disabled. */
    DISABLED("has this port disabled"),
    /** A quota of the port, or of its remote, is used up. */
    QUOTA("has used up its quota"),
    /** While the user waited for the remote, the port or host got another target, or was removed. */
    CHANGED("does not have that port, or has another target for it, since the user came"),
    /** The remote has no tunnel. */
    REMOTE_AWAY("is away"),
    /** No tunnel of the remote takes another stream: each has its maximum number, or is about to end. */
    LIMIT("takes no more streams"),
    /** A level of limits has its maximum number of connections (connections). */
    LIMIT_CONNECTIONS("has as many connections as its limits allow"),
    /** The user has the maximum number of connections that a level allows (connections-per-user). */
    LIMIT_CONNECTIONS_PER_USER("has as many connections of this user as its limits allow"),
    /** A level has had its maximum number of new connections in the last second (opens-per-second). */
    LIMIT_RATE("has had as many new connections in a second as its limits allow"),
    /** The user has had the maximum number of new connections in the last second (opens-per-second-per-user). */
    LIMIT_RATE_PER_USER("has had as many new connections of this user in a second as its limits allow"),
    /** A level cannot distinguish more users (max-users). */
    LIMIT_USERS("has as many users as it can tell apart (portproxy.server.max-users)"),
    /** The port's target or its datagrams need the extended dialect, and the remote speaks the classic one or an older version. */
    DIALECT(
            "cannot do that: the classic dialect neither names a target's host nor carries datagrams, nor do old versions"),
    /** The target must get a header of the PROXY protocol that says who the user is, and the remote cannot write one. */
    PROXY_PROTOCOL(
            "cannot write a header of the PROXY protocol: it is of an older version, or speaks the classic dialect");

    private final String text;

    PortRefusal(String text) {
        this.text = text;
    }

    /** Returns the refusal for a limit. */
    public static PortRefusal of(LimitRefusal limit) {
        return switch (limit) {
            case CONNECTIONS -> LIMIT_CONNECTIONS;
            case CONNECTIONS_PER_USER -> LIMIT_CONNECTIONS_PER_USER;
            case RATE -> LIMIT_RATE;
            case RATE_PER_USER -> LIMIT_RATE_PER_USER;
            case USERS -> LIMIT_USERS;
        };
    }

    /** What the remote does or cannot do, for a log line. */
    public String text() {
        return text;
    }

    /** The name in metrics and in the API, as in {@code remote_away}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
