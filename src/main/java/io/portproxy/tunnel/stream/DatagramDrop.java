package io.portproxy.tunnel.stream;

import java.util.Locale;

/** The reasons for which a datagram is dropped. No datagram is delayed until there is room. */
public enum DatagramDrop {
    /** The datagrams that wait for the tunnel's connection fill their queue (datagram-queue). */
    TUNNEL_FULL,
    /** The waiting datagrams of one session use half of that queue. */
    SESSION_FULL,
    /** There is no memory for it (portproxy.buffer-memory). */
    NO_MEMORY,
    /** Its session is being opened, and a few datagrams already wait for that. */
    OPENING,
    /** The socket that must send it takes no datagram at present. */
    SOCKET_FULL,
    /** The socket that must send it cannot do so. For example, it is too long for the path, or there is no route. */
    NOT_SENT,
    /** An ICMP message says that nobody listens at the destination. The session stays open. */
    UNREACHABLE,
    /** It is longer than IPv4 can carry. */
    TOO_LONG,
    /**
     * Its sender has no session and cannot get one, because the port or the sender's network has reached its limit of
     * sessions.
     */
    TOO_MANY_SESSIONS,
    /**
     * Its sender has no session and cannot get one, because the remote is not connected or refuses it. Or the session
     * ended before it was open.
     */
    REFUSED,
    /** An access list refuses its sender. */
    ACCESS,
    /** It exceeds the bandwidth of a level of limits. */
    BANDWIDTH,
    /** With it, the target would send the user too many bytes for the bytes that the user has sent (reply-limit). */
    REPLY_LIMIT;

    /** Returns the name in metrics and in the API, as in {@code tunnel_full}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
