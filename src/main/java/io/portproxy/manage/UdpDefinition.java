package io.portproxy.manage;

import java.util.Optional;

/**
 * The settings of a port of type udp that other ports do not have, as an operator configures them. The values are not checked. The names
 * are those of the API's JSON, and the store keeps the definition under these names. A value that is missing in the JSON has its default.
 *
 * @param idleTimeout how long a session may go without a datagram, for example {@code 2m}; empty for the default
 * @param maxSessions the largest number of sessions at a time; empty for the default
 * @param maxSessionsPerUser the largest number of sessions at a time from the address of one user; empty for the default
 * @param replyLimit the largest number of bytes in answers for each byte from a user; empty for no limit
 */
public record UdpDefinition(
        Optional<String> idleTimeout,
        Optional<Integer> maxSessions,
        Optional<Integer> maxSessionsPerUser,
        Optional<Integer> replyLimit) {
    /** The defaults. */
    public static final UdpDefinition NONE =
            new UdpDefinition(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
