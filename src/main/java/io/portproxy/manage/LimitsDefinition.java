package io.portproxy.manage;

import java.util.Optional;

/**
 * The limits for users, as an operator configures them. The values are not checked. The names are those of the API's JSON, and the store
 * keeps the definition under these names. A value that is missing in the JSON means that there is no limit.
 *
 * @param connections the largest number of connections at a time
 * @param connectionsPerUser the largest number of connections at a time from the address of one user
 * @param opensPerSecond the largest number of new connections a second
 * @param opensPerSecondPerUser the largest number of new connections a second from the address of one user
 * @param bandwidth bytes a second of all connections together
 * @param bandwidthPerConnection bytes a second of each connection
 * @param idleTimeout how long a connection may be idle (no bytes in either direction), for example {@code 10m}
 * @param maxDuration how long a connection may last, for example {@code 8h}
 */
public record LimitsDefinition(
        Optional<Integer> connections,
        Optional<Integer> connectionsPerUser,
        Optional<Integer> opensPerSecond,
        Optional<Integer> opensPerSecondPerUser,
        Optional<Bandwidth> bandwidth,
        Optional<Bandwidth> bandwidthPerConnection,
        Optional<String> idleTimeout,
        Optional<String> maxDuration) {
    /** No limits. */
    public static final LimitsDefinition NONE = new LimitsDefinition(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public LimitsDefinition {
        bandwidth = bandwidth == null ? Optional.empty() : bandwidth.filter(there -> !there.isEmpty());
        bandwidthPerConnection = bandwidthPerConnection == null
                ? Optional.empty()
                : bandwidthPerConnection.filter(there -> !there.isEmpty());
    }

    /**
     * Limits in bytes a second.
     *
     * @param in from users to targets, for example {@code 10MB}
     * @param out from targets to users
     */
    public record Bandwidth(Optional<String> in, Optional<String> out) {
        private boolean isEmpty() {
            return in.isEmpty() && out.isEmpty();
        }
    }

    /** Returns these limits, or empty if there is none among them. */
    public Optional<LimitsDefinition> unlessEmpty() {
        return equals(NONE) ? Optional.empty() : Optional.of(this);
    }
}
