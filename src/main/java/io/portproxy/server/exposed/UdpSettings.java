package io.portproxy.server.exposed;

import java.time.Duration;

/**
 * What a port of type udp has besides.
 *
 * @param idleTimeout how long a session may be without a datagram in either direction; positive
 * @param maxSessions sessions at a time, 1 or more
 * @param maxSessionsPerUser those of one IPv4 address, or of one 64-bit network of IPv6; four times as many of a 24-bit network of IPv4
 * @param replyLimit how many bytes may answer each byte that a user has sent; 0 for any number
 */
public record UdpSettings(Duration idleTimeout, int maxSessions, int maxSessionsPerUser, int replyLimit) {
    /** Where nothing is said. */
    public static final UdpSettings DEFAULT = new UdpSettings(Duration.ofMinutes(2), 4096, 64, 0);

    public UdpSettings {
        if (idleTimeout.isNegative()
                || idleTimeout.isZero()
                || maxSessions < 1
                || maxSessionsPerUser < 1
                || replyLimit < 0) {
            throw new IllegalArgumentException("out of range: " + idleTimeout + ", " + maxSessions + ", "
                    + maxSessionsPerUser + ", " + replyLimit);
        }
    }
}
