package io.portproxy.server.exposed;

import io.portproxy.server.exposed.user.IncomingConnection;

/**
 * Where the users of an exposed address are forwarded. Any thread.
 *
 * @param route says which target they are for, and how they are counted
 * @param destination carries them there
 */
public record Forwarding(Route route, Destination destination) {
    /** Forwards a user. On the loop that has the connection. */
    public void accept(IncomingConnection user) {
        destination.accepted(user, route);
    }
}
