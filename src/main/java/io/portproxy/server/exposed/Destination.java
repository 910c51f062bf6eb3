package io.portproxy.server.exposed;

import io.portproxy.server.exposed.user.IncomingConnection;

/** The receiver of users who have connected to an exposed address: it carries them to the target of the route. */
@FunctionalInterface
public interface Destination {
    /** Takes a user who has connected. On the loop that has the connection. */
    void accepted(IncomingConnection user, Route route);

    /** Takes a session that a user of a port of type udp has begun with a datagram. On the port's loop. */
    default void began(UdpSession session, Route route) {
        session.refused();
    }
}
