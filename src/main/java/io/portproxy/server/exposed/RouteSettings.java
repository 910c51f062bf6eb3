package io.portproxy.server.exposed;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.usage.Quota;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Where users are carried to.
 *
 * @param enabled whether they are carried; otherwise they are refused
 * @param targetHost the target's host as the remote sees it, or a unix socket as it is written; empty for the remote's 127.0.0.1
 * @param targetPort the target's port, 1 to 65535; 0 of a unix socket
 * @param http how request heads are rewritten; empty if bytes are not looked at
 * @param proxyProtocol how the target is told who the user is, ahead of all else; empty if it is not
 * @param udp what is done with datagrams; empty if there are none
 * @param quota how many bytes may pass; empty for any number
 * @param range which of the exposed ports leads to the target's port, where there are many; the others lead to those behind it
 */
public record RouteSettings(
        boolean enabled,
        Optional<String> targetHost,
        int targetPort,
        Optional<HttpRewriteSettings> http,
        Optional<ProxyHeader.Version> proxyProtocol,
        Optional<UdpSettings> udp,
        Optional<Quota> quota,
        Optional<PortRange> range) {
    /** For one exposed port. */
    public RouteSettings(
            boolean enabled,
            Optional<String> targetHost,
            int targetPort,
            Optional<HttpRewriteSettings> http,
            Optional<ProxyHeader.Version> proxyProtocol,
            Optional<UdpSettings> udp,
            Optional<Quota> quota) {
        this(enabled, targetHost, targetPort, http, proxyProtocol, udp, quota, Optional.empty());
    }

    /** Where targets are told nothing ahead of all else. */
    public RouteSettings(
            boolean enabled, Optional<String> targetHost, int targetPort, Optional<HttpRewriteSettings> http) {
        this(enabled, targetHost, targetPort, http, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, where targets are told who users are. */
    public RouteSettings withProxyProtocol(Optional<ProxyHeader.Version> version) {
        return new RouteSettings(enabled, targetHost, targetPort, http, version, udp, quota, range);
    }

    /** The same with another quota. */
    public RouteSettings withQuota(Optional<Quota> other) {
        return new RouteSettings(enabled, targetHost, targetPort, http, proxyProtocol, udp, other, range);
    }

    /** The host of a target that has none. */
    public static final String LOOPBACK = "127.0.0.1";

    /** The target as it is written: {@code host:port} or a unix socket. */
    public String target() {
        if (range.isPresent()) {
            return Sockets.text(targetHost.orElse(LOOPBACK), range.get().of(targetPort));
        }
        return Sockets.targetText(targetHost.orElse(LOOPBACK), targetPort);
    }

    /** The target's port for a user of one of the exposed ports. */
    int targetPort(SocketAddress exposed) {
        return range.isPresent() ? targetPort + range.get().offset(exposed) : targetPort;
    }

    /** Whether the streams of a route with these settings may go on when it gets others: it is not disabled, and the same users may come in. */
    public boolean streamsMayGoOn(RouteSettings others) {
        return others.enabled && auth().equals(others.auth());
    }

    /**
     * Whether the way is the same with other settings: the target, what it is told, and how users get there. These may differ in how much
     * users may have, and in whether they come in.
     */
    boolean isSameWay(RouteSettings others) {
        return targetHost.equals(others.targetHost)
                && targetPort == others.targetPort
                && range.equals(others.range)
                && proxyProtocol.equals(others.proxyProtocol)
                && http.isPresent() == others.http.isPresent()
                && udp.isPresent() == others.udp.isPresent()
                && auth().equals(others.auth());
    }

    private Optional<BasicAuth> auth() {
        return http.flatMap(HttpRewriteSettings::auth);
    }
}
