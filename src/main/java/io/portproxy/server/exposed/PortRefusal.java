package io.portproxy.server.exposed;

import io.portproxy.server.limits.LimitRefusal;
import java.util.Locale;

/** Why a user is reset before there is a stream. */
public enum PortRefusal {
    /** The port, or its remote, is disabled. */
    DISABLED("has this port disabled"),
    /** A quota of the port, or of its remote, is used up. */
    QUOTA("has used up its quota"),
    /** While the user waited for the remote, the port or host got another target, or was removed. */
    CHANGED("does not have that port, or has another target for it, since the user came"),
    /** The remote has no tunnel. */
    REMOTE_AWAY("is away"),
    /** No tunnel of the remote takes another stream: it has as many as it may, or is about to end. */
    LIMIT("takes no more streams"),
    /** There are as many connections as a level of its limits allows (connections). */
    LIMIT_CONNECTIONS("has as many connections as its limits allow"),
    /** The user has as many connections as a level allows (connections-per-user). */
    LIMIT_CONNECTIONS_PER_USER("has as many connections of this user as its limits allow"),
    /** There have been as many new connections of late as a level allows (opens-per-second). */
    LIMIT_RATE("has had as many new connections in a second as its limits allow"),
    /** There have been as many of the user (opens-per-second-per-user). */
    LIMIT_RATE_PER_USER("has had as many new connections of this user in a second as its limits allow"),
    /** No more users can be told apart (max-users). */
    LIMIT_USERS("has as many users as it can tell apart (portproxy.server.max-users)"),
    /** The port's target or its datagrams need the extended dialect, and the remote speaks the classic one or an older version. */
    DIALECT(
            "cannot do that: the classic dialect neither names a target's host nor carries datagrams, nor do old versions"),
    /** The port's target is to be told who users are, and the remote cannot. */
    PROXY_PROTOCOL(
            "cannot write a header of the PROXY protocol: it is of an older version, or speaks the classic dialect");

    private final String text;

    PortRefusal(String text) {
        this.text = text;
    }

    /** As a limit is called here. */
    public static PortRefusal of(LimitRefusal limit) {
        return switch (limit) {
            case CONNECTIONS -> LIMIT_CONNECTIONS;
            case CONNECTIONS_PER_USER -> LIMIT_CONNECTIONS_PER_USER;
            case RATE -> LIMIT_RATE;
            case RATE_PER_USER -> LIMIT_RATE_PER_USER;
            case USERS -> LIMIT_USERS;
        };
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
