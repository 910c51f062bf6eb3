package io.portproxy.server.exposed.user;

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
    LIMIT_CONNECTIONS("has reached its limit of connections"),
    /** The user has the maximum number of connections that a level allows (connections-per-user). */
    LIMIT_CONNECTIONS_PER_USER("has reached its limit of connections for this user"),
    /** A level has had its maximum number of new connections in the last second (opens-per-second). */
    LIMIT_RATE("has reached its limit of new connections in a second"),
    /** The user has had the maximum number of new connections in the last second (opens-per-second-per-user). */
    LIMIT_RATE_PER_USER("has reached its limit of new connections in a second for this user"),
    /** A level cannot distinguish more users (max-users). */
    LIMIT_USERS("has reached the limit of users that are counted (portproxy.server.max-users)"),
    /** The port's target or its datagrams need the extended dialect, and the remote speaks the classic one or an older version. */
    DIALECT(
            "cannot do that: it speaks the classic dialect or is an older version, which has no UDP and no targets on other machines"),
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
