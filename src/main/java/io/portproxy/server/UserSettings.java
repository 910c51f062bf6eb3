package io.portproxy.server;

import io.portproxy.server.exposed.Access;

/**
 * What the whole server does with users who connect.
 *
 * @param access who may, where a remote, port or host says nothing; in the beginning
 */
public record UserSettings(Access access) {
    /** Everybody may. */
    public static final UserSettings DEFAULT = new UserSettings(Access.ALL);
}
