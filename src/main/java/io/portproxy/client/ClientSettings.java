package io.portproxy.client;

import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a remote is to do.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8
 * @param server the proxy server's host and port; unresolved, because the name is resolved anew for each dial
 * @param connectTo which of the addresses that its name has are dialled
 * @param dialect what to speak; never the other by itself
 * @param token proves that the name is ours, and lets the server prove itself; {@link Token#NONE} without one
 * @param tls how tunnels are encrypted; empty for plain TCP
 * @param allow the targets that the server may ask for
 * @param tunnels how many tunnels to keep up, to each address with {@link ConnectTo#all}, 1 to 16; 1 in the classic dialect
 * @param connectTimeout for one dial, of the proxy server or of a target
 * @param greetingTimeout for a greeting in the extended dialect, the TLS handshake not included, which has as long
 * @param backoffInitial the wait before the first new dial is at most this
 * @param backoffMax the wait before any later dial is at most this
 * @param tunnel the limits of each tunnel
 */
public record ClientSettings(
        String name,
        InetSocketAddress server,
        ConnectTo connectTo,
        Dialect dialect,
        Token token,
        Optional<TlsSettings> tls,
        List<AllowedTarget> allow,
        int tunnels,
        Duration connectTimeout,
        Duration greetingTimeout,
        Duration backoffInitial,
        Duration backoffMax,
        TunnelSettings tunnel) {

    public ClientSettings {
        allow = List.copyOf(allow);
    }
}
