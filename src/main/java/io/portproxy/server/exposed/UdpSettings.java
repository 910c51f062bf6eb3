package io.portproxy.server.exposed;

import java.time.Duration;

/**
 * The settings that only a port of type udp has.
 *
 * @param idleTimeout how long a session may have no datagram in either direction; positive
 * @param maxSessions the most sessions at a time, 1 or more
 * @param maxSessionsPerUser the most sessions of one IPv4 address, or of one 64-bit network of IPv6; a 24-bit network
 *     of IPv4 or a 48-bit network of IPv6 may have four times as many
 * @param replyLimit how many bytes may answer each byte that a user has sent; 0 for any number
 */
public record UdpSettings(Duration idleTimeout, int maxSessions, int maxSessionsPerUser, int replyLimit) {
    /** The default settings. */
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
