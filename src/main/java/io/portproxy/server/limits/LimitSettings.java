package io.portproxy.server.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * How much users may have, at one level: the whole server, a remote, a port or a host. A number of 0 stands for any.
 *
 * @param connections connections at a time
 * @param connectionsPerUser of them, those of one user
 * @param opensPerSecond new connections a second
 * @param opensPerSecondPerUser of them, those of one user
 * @param bandwidth bytes a second of all connections together
 * @param bandwidthPerConnection bytes a second of each connection
 * @param idleTimeout how long a connection may carry no byte; empty for any time
 * @param maxDuration how long a connection may last; empty for any time
 * @param holdWhileAway how long a user waits for a remote that is away, if no narrower level says it; empty: as the wider level has it
 */
public record LimitSettings(
        int connections,
        int connectionsPerUser,
        int opensPerSecond,
        int opensPerSecondPerUser,
        Bandwidth bandwidth,
        Bandwidth bandwidthPerConnection,
        Optional<Duration> idleTimeout,
        Optional<Duration> maxDuration,
        Optional<Duration> holdWhileAway) {
    /** Any number, at any speed, for any time. */
    public static final LimitSettings NONE = new LimitSettings(
            0, 0, 0, 0, Bandwidth.ANY, Bandwidth.ANY, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Bytes a second; 0 for any number.
     *
     * @param in from users to targets
     * @param out from targets to users
     */
    public record Bandwidth(long in, long out) {
        /** As fast as it goes. */
        public static final Bandwidth ANY = new Bandwidth(0, 0);
    }

    /** The same with other numbers of connections. */
    public LimitSettings withConnections(int most, int perUser) {
        return new LimitSettings(
                most,
                perUser,
                opensPerSecond,
                opensPerSecondPerUser,
                bandwidth,
                bandwidthPerConnection,
                idleTimeout,
                maxDuration,
                holdWhileAway);
    }

    /** The same with other numbers of new connections. */
    public LimitSettings withOpens(int perSecond, int perUser) {
        return new LimitSettings(
                connections,
                connectionsPerUser,
                perSecond,
                perUser,
                bandwidth,
                bandwidthPerConnection,
                idleTimeout,
                maxDuration,
                holdWhileAway);
    }

    /** The same with another bandwidth of all together. */
    public LimitSettings withBandwidth(Bandwidth other) {
        return new LimitSettings(
                connections,
                connectionsPerUser,
                opensPerSecond,
                opensPerSecondPerUser,
                other,
                bandwidthPerConnection,
                idleTimeout,
                maxDuration,
                holdWhileAway);
    }

    /** The same with another bandwidth of each. */
    public LimitSettings withBandwidthPerConnection(Bandwidth other) {
        return new LimitSettings(
                connections,
                connectionsPerUser,
                opensPerSecond,
                opensPerSecondPerUser,
                bandwidth,
                other,
                idleTimeout,
                maxDuration,
                holdWhileAway);
    }

    /** The same with other times. */
    public LimitSettings withTimes(Optional<Duration> idle, Optional<Duration> duration) {
        return new LimitSettings(
                connections,
                connectionsPerUser,
                opensPerSecond,
                opensPerSecondPerUser,
                bandwidth,
                bandwidthPerConnection,
                idle,
                duration,
                holdWhileAway);
    }

    /** The same, where users wait otherwise for a remote that is away. */
    public LimitSettings withHold(Optional<Duration> other) {
        return new LimitSettings(
                connections,
                connectionsPerUser,
                opensPerSecond,
                opensPerSecondPerUser,
                bandwidth,
                bandwidthPerConnection,
                idleTimeout,
                maxDuration,
                other);
    }

    /** Whether users are told apart. */
    boolean countsUsers() {
        return connectionsPerUser > 0 || opensPerSecondPerUser > 0;
    }
}
