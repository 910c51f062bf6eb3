package io.portproxy.tunnel.stream;

import java.util.Locale;

/** Why a datagram was dropped: none is delayed until there is room. */
public enum DatagramDrop {
    /** The datagrams of a tunnel that wait for its connection fill their queue (datagram-queue). */
    TUNNEL_FULL,
    /** Those of one session take up half of that queue. */
    SESSION_FULL,
    /** There is no memory for it (portproxy.buffer-memory). */
    NO_MEMORY,
    /** Its session is being opened, and a few datagrams wait for that already. */
    OPENING,
    /** The socket that it is for takes none just now. */
    SOCKET_FULL,
    /** The socket that it is for cannot send it: it is too long for the path, say, or there is no route. */
    NOT_SENT,
    /** Nobody listens where it was to go: an ICMP message said so. The session stays. */
    UNREACHABLE,
    /** It is longer than IPv4 carries. */
    TOO_LONG,
    /** There is no session for its sender and none can be opened: the port, or the sender's network, has as many as it may. */
    TOO_MANY_SESSIONS,
    /** There is no session for its sender and none can be opened, as the remote is away or takes none; or the session ended before it was open. */
    REFUSED,
    /** An access list does not let its sender in. */
    ACCESS,
    /** It is beyond the bandwidth of a level of limits. */
    BANDWIDTH,
    /** It answers more bytes than its user has asked with (reply-limit). */
    REPLY_LIMIT;

    /** The name in metrics and in the API, as in {@code tunnel_full}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
