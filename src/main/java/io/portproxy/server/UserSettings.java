package io.portproxy.server;

import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import java.time.Duration;

/**
 * What the whole server does with users who connect, and with remotes.
 *
 * @param access which users may, where a remote, port or host says nothing; in the beginning
 * @param headerTimeout how long a header of the PROXY protocol may take, where a connection has to begin with one
 * @param proxies from where connections to the tunnel port begin with such a header, which says where the remote is
 * @param limits what all users together may have; in the beginning
 * @param mostUsers how many users are told apart at each level of limits
 * @param mostHeld how many users may wait for remotes that are away
 */
public record UserSettings(
        Access access, Duration headerTimeout, AddressSet proxies, LimitSettings limits, int mostUsers, int mostHeld) {
    private static final int MOST_HELD = 1000;

    /** Everybody may, and nobody is believed. */
    public static final UserSettings DEFAULT = new UserSettings(
            Access.ALL, Duration.ofSeconds(5), AddressSet.NONE, LimitSettings.NONE, LimitLevel.MOST_USERS, MOST_HELD);

    /** The same, for other users. */
    public UserSettings withAccess(Access other) {
        return new UserSettings(other, headerTimeout, proxies, limits, mostUsers, mostHeld);
    }

    /** The same, with other headers. */
    public UserSettings withHeaders(Duration timeout, AddressSet from) {
        return new UserSettings(access, timeout, from, limits, mostUsers, mostHeld);
    }

    /** The same with other limits. */
    public UserSettings withLimits(LimitSettings others) {
        return new UserSettings(access, headerTimeout, proxies, others, mostUsers, mostHeld);
    }

    /** The same, where as many users are told apart, and as many may wait. */
    public UserSettings withMost(int users, int held) {
        return new UserSettings(access, headerTimeout, proxies, limits, users, held);
    }
}
