package io.portproxy.manage;

import java.util.Optional;

/**
 * How much users may have, as a person describes it: nothing in it need be right. It has the names of the API's JSON, by which the store keeps
 * it; what is missing there stands for any.
 *
 * @param connections connections at a time
 * @param connectionsPerUser of them, those of one user's address
 * @param opensPerSecond new connections a second
 * @param opensPerSecondPerUser of them, those of one user's address
 * @param bandwidth bytes a second of all connections together
 * @param bandwidthPerConnection bytes a second of each connection
 * @param idleTimeout how long a connection may carry no byte, as in {@code 10m}
 * @param maxDuration how long a connection may last, as in {@code 8h}
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
    /** Nothing of it. */
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
     * Bytes a second.
     *
     * @param in from users to targets, as in {@code 10MB}
     * @param out from targets to users
     */
    public record Bandwidth(Optional<String> in, Optional<String> out) {
        private boolean isEmpty() {
            return in.isEmpty() && out.isEmpty();
        }
    }

    /** Nothing, if it says nothing. */
    public Optional<LimitsDefinition> unlessEmpty() {
        return equals(NONE) ? Optional.empty() : Optional.of(this);
    }
}
