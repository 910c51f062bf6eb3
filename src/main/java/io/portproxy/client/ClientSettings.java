package io.portproxy.client;

import io.portproxy.net.tls.TlsSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a remote.
 *
 * @param name the remote name, 1 to 255 bytes of UTF-8
 * @param server the proxy server's host and port; unresolved, because the name is looked up again for each attempt to connect
 * @param connectTo which of the name's addresses the remote connects to
 * @param dialect the dialect to use; the remote never tries the other one
 * @param token the secret with which remote and server prove their identity to each other; {@link Token#NONE} for none
 * @param tls how tunnels are encrypted; empty for plain TCP
 * @param allow the targets that the server may ask for
 * @param expose the targets that the remote asks the server to expose
 * @param askedTargets how many of the targets that the server asked for are remembered for display
 * @param tunnels the number of tunnels, 1 to 16; with {@link ConnectTo#all}, to each address; 1 in the classic dialect
 * @param times the timeouts of an attempt to connect, and the pauses between attempts
 * @param tunnel the timeouts and limits of each tunnel
 */
public record ClientSettings(
        String name,
        InetSocketAddress server,
        ConnectTo connectTo,
        Dialect dialect,
        Token token,
        Optional<TlsSettings> tls,
        List<AllowedTarget> allow,
        List<ExposeWish> expose,
        int askedTargets,
        int tunnels,
        DialTimes times,
        TunnelSettings tunnel) {

    public ClientSettings {
        allow = List.copyOf(allow);
        expose = List.copyOf(expose);
    }

    public ClientSettings withServer(InetSocketAddress address) {
        return new ClientSettings(
                name, address, connectTo, dialect, token, tls, allow, expose, askedTargets, tunnels, times, tunnel);
    }

    public ClientSettings withConnectTo(ConnectTo which) {
        return new ClientSettings(
                name, server, which, dialect, token, tls, allow, expose, askedTargets, tunnels, times, tunnel);
    }

    public ClientSettings withTls(TlsSettings encryption) {
        return new ClientSettings(
                name,
                server,
                connectTo,
                dialect,
                token,
                Optional.of(encryption),
                allow,
                expose,
                askedTargets,
                tunnels,
                times,
                tunnel);
    }

    public ClientSettings withAllow(AllowedTarget... targets) {
        return new ClientSettings(
                name,
                server,
                connectTo,
                dialect,
                token,
                tls,
                List.of(targets),
                expose,
                askedTargets,
                tunnels,
                times,
                tunnel);
    }

    public ClientSettings withTunnels(int count) {
        return new ClientSettings(
                name, server, connectTo, dialect, token, tls, allow, expose, askedTargets, count, times, tunnel);
    }

    public ClientSettings withTimes(DialTimes other) {
        return new ClientSettings(
                name, server, connectTo, dialect, token, tls, allow, expose, askedTargets, tunnels, other, tunnel);
    }

    public ClientSettings withTunnel(TunnelSettings other) {
        return new ClientSettings(
                name, server, connectTo, dialect, token, tls, allow, expose, askedTargets, tunnels, times, other);
    }

    public ClientSettings withExpose(ExposeWish... wishes) {
        return new ClientSettings(
                name,
                server,
                connectTo,
                dialect,
                token,
                tls,
                allow,
                List.of(wishes),
                askedTargets,
                tunnels,
                times,
                tunnel);
    }
}
