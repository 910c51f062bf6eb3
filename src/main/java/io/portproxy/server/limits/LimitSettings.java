package io.portproxy.server.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * The limits for users at one level: the whole server, a remote, a port or a host. The number 0 stands for "no limit".
 *
 * @param connections the most connections at a time
 * @param connectionsPerUser the most connections of one user at a time
 * @param opensPerSecond the most new connections per second
 * @param opensPerSecondPerUser the most new connections of one user per second
 * @param bandwidth bytes per second of all connections together
 * @param bandwidthPerConnection bytes per second of each connection
 * @param idleTimeout how long a connection may carry no byte; empty for any time
 * @param maxDuration how long a connection may last; empty for any time
 * @param holdWhileAway how long a user waits for a remote that is away; empty: the next wider level decides
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
    /** No limits. */
    public static final LimitSettings NONE = new LimitSettings(
            0, 0, 0, 0, Bandwidth.ANY, Bandwidth.ANY, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A number of bytes per second in each direction; 0 for no limit.
     *
     * @param in from users to targets
     * @param out from targets to users
     */
    public record Bandwidth(long in, long out) {
        /** No limit. */
        public static final Bandwidth ANY = new Bandwidth(0, 0);
    }

    /** Returns a copy with other numbers of connections. */
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

    /** Returns a copy with other numbers of new connections per second. */
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

    /** Returns a copy with another bandwidth of all connections together. */
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

    /** Returns a copy with another bandwidth of each connection. */
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

    /** Returns a copy with other times. */
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

    /** Returns a copy with another time that users wait for a remote that is away. */
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

    /** Whether a limit per user is set, so that the server must distinguish users. */
    boolean countsUsers() {
        return connectionsPerUser > 0 || opensPerSecondPerUser > 0;
    }
}
