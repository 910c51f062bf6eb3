package io.portproxy.server;

import io.portproxy.net.tls.TlsSettings;
import io.portproxy.server.exposed.GatewaySettings;
import io.portproxy.server.exposed.WebServices;
import io.portproxy.tunnel.TunnelSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a proxy server is to do, checked and resolved.
 *
 * @param bind where remotes connect; resolved, port 0 for any free port
 * @param tls how tunnels are encrypted; empty for plain TCP. With client certificates, a certificate's name must be the
 *     remote name
 * @param classicAllowed whether remotes without a token may speak the classic dialect
 * @param onDuplicate what becomes of a second instance with a name
 * @param gateways the addresses at which many hosts are reached; no name and no address twice
 * @param remotes the remote names and the ports exposed for each; no name and no address twice
 * @param greetingTimeout how long a new tunnel may take until its greeting is complete, and as long for its TLS handshake before
 * @param maxGreetings tunnels that may be without a complete greeting at a time; then the address with most of them loses its oldest
 * @param limits how many remotes and ports there may be
 * @param tunnel the times and limits of each tunnel
 * @param web what all hosts and ports of {@code type: http} share
 * @param users what is done with users who connect
 */
public record ServerSettings(
        InetSocketAddress bind,
        Optional<TlsSettings> tls,
        boolean classicAllowed,
        OnDuplicate onDuplicate,
        List<GatewaySettings> gateways,
        List<RemoteSettings> remotes,
        Duration greetingTimeout,
        int maxGreetings,
        Limits limits,
        TunnelSettings tunnel,
        WebServices web,
        UserSettings users) {

    public ServerSettings {
        gateways = List.copyOf(gateways);
        remotes = List.copyOf(remotes);
    }

    public ServerSettings withBind(InetSocketAddress address) {
        return new ServerSettings(
                address,
                tls,
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                web,
                users);
    }

    /** What to expose in the beginning. */
    public Exposure exposure() {
        return new Exposure(gateways, remotes, users.access());
    }

    public ServerSettings withTls(TlsSettings encryption) {
        return new ServerSettings(
                bind,
                Optional.of(encryption),
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                web,
                users);
    }

    public ServerSettings withOnDuplicate(OnDuplicate rule) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                rule,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                web,
                users);
    }

    public ServerSettings withGreetings(Duration timeout, int most) {
        return new ServerSettings(
                bind, tls, classicAllowed, onDuplicate, gateways, remotes, timeout, most, limits, tunnel, web, users);
    }

    public ServerSettings withTunnel(TunnelSettings other) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                other,
                web,
                users);
    }

    public ServerSettings withGateways(List<GatewaySettings> others) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                onDuplicate,
                others,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                web,
                users);
    }

    public ServerSettings withLimits(Limits others) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                others,
                tunnel,
                web,
                users);
    }

    public ServerSettings withWeb(WebServices other) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                other,
                users);
    }

    public ServerSettings withUsers(UserSettings other) {
        return new ServerSettings(
                bind,
                tls,
                classicAllowed,
                onDuplicate,
                gateways,
                remotes,
                greetingTimeout,
                maxGreetings,
                limits,
                tunnel,
                web,
                other);
    }
}
