package io.portproxy.server;

import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.server.limits.LimitSettings;
import java.time.Duration;

/**
 * The settings of the whole server for users who connect, and for remotes.
 *
 * @param access which users may connect, where a remote, port or host has no access list; the value at the start
 * @param headerTimeout how long a connection may take to send its header of the PROXY protocol, if it must begin with
 *     one
 * @param proxies the addresses whose connections to the tunnel port begin with such a header, which gives the remote's
 *     address
 * @param limits the limits for all users together; the value at the start
 * @param mostUsers the most users that each level of limits distinguishes
 * @param mostHeld how many users may wait for remotes that are away
 */
public record UserSettings(
        Access access, Duration headerTimeout, AddressSet proxies, LimitSettings limits, int mostUsers, int mostHeld) {
    private static final int MOST_HELD = 1000;

    /** The default: everybody may connect, and no address may send headers of the PROXY protocol. */
    public static final UserSettings DEFAULT = new UserSettings(
            Access.ALL, Duration.ofSeconds(5), AddressSet.NONE, LimitSettings.NONE, LimitLevel.MOST_USERS, MOST_HELD);

    /** Returns a copy with another access list. */
    public UserSettings withAccess(Access other) {
        return new UserSettings(other, headerTimeout, proxies, limits, mostUsers, mostHeld);
    }

    /** Returns a copy with other settings for headers of the PROXY protocol. */
    public UserSettings withHeaders(Duration timeout, AddressSet from) {
        return new UserSettings(access, timeout, from, limits, mostUsers, mostHeld);
    }

    /** Returns a copy with other limits. */
    public UserSettings withLimits(LimitSettings others) {
        return new UserSettings(access, headerTimeout, proxies, others, mostUsers, mostHeld);
    }

    /** Returns a copy with other numbers of users who are distinguished, and who may wait. */
    public UserSettings withMost(int users, int held) {
        return new UserSettings(access, headerTimeout, proxies, limits, users, held);
    }
}
