package io.portproxy.client;

import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a remote is to do.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8
 * @param server the proxy server's host and port; unresolved, because the name is resolved anew for each dial
 * @param heartbeatInterval between two heartbeats
 * @param connectTimeout for one dial, of the proxy server or of a target
 * @param backoffInitial the wait before the first new dial is at most this
 * @param backoffMax the wait before any later dial is at most this
 * @param tunnel the limits of the tunnel
 */
public record ClientSettings(
        String name,
        InetSocketAddress server,
        Duration heartbeatInterval,
        Duration connectTimeout,
        Duration backoffInitial,
        Duration backoffMax,
        TunnelSettings tunnel) {}
