package io.portproxy.server.limits;

/** Which limit keeps a user out. */
public enum LimitRefusal {
    /** There are as many connections as there may be. */
    CONNECTIONS,
    /** The user has as many as it may. */
    CONNECTIONS_PER_USER,
    /** There have been as many new ones of late as there may be. */
    RATE,
    /** There have been as many new ones of the user. */
    RATE_PER_USER,
    /** No more users can be told apart. */
    USERS
}
