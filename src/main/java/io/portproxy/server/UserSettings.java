package io.portproxy.server;

import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import java.time.Duration;

/**
 * What the whole server does with users who connect, and with remotes.
 *
 * @param access which users may, where a remote, port or host says nothing; in the beginning
 * @param headerTimeout how long a header of the PROXY protocol may take, where a connection has to begin with one
 * @param proxies from where connections to the tunnel port begin with such a header, which says where the remote is
 */
public record UserSettings(Access access, Duration headerTimeout, AddressSet proxies) {
    /** Everybody may, and nobody is believed. */
    public static final UserSettings DEFAULT = new UserSettings(Access.ALL, Duration.ofSeconds(5), AddressSet.NONE);

    /** The same, for other users. */
    public UserSettings withAccess(Access other) {
        return new UserSettings(other, headerTimeout, proxies);
    }

    /** The same, with other headers. */
    public UserSettings withHeaders(Duration timeout, AddressSet from) {
        return new UserSettings(access, timeout, from);
    }
}
