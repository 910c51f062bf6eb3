package io.portproxy.server.limits;

/** The limit that keeps a user out. */
public enum LimitRefusal {
    /** The level has its maximum number of connections. */
    CONNECTIONS,
    /** The user has its maximum number of connections. */
    CONNECTIONS_PER_USER,
    /** The level has had its maximum number of new connections in the last second. */
    RATE,
    /** The user has had its maximum number of new connections in the last second. */
    RATE_PER_USER,
    /** The level cannot distinguish more users. */
    USERS
}
