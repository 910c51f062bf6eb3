package io.portproxy.manage;

import java.util.Optional;

/**
 * What a port of type udp has besides, as a person describes it: nothing in it need be right. It has the names of the API's JSON, by which the
 * store keeps it; what is missing there has its default.
 *
 * @param idleTimeout how long a session may be without a datagram, as in {@code 2m}; empty for the default
 * @param maxSessions sessions at a time; empty for the default
 * @param maxSessionsPerUser those of one user's address; empty for the default
 * @param replyLimit how many bytes may answer each byte of a user; empty for any number
 */
public record UdpDefinition(
        Optional<String> idleTimeout,
        Optional<Integer> maxSessions,
        Optional<Integer> maxSessionsPerUser,
        Optional<Integer> replyLimit) {
    /** Nothing of it. */
    public static final UdpDefinition NONE =
            new UdpDefinition(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
