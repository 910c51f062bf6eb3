package io.portproxy.server.exposed;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.ProxyHeader;
import io.portproxy.net.Sockets;
import io.portproxy.usage.Quota;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * The settings of a route.
 *
 * @param enabled whether users are admitted; otherwise they are refused
 * @param targetHost the target's host as the remote sees it, or the path of a unix socket as it is written; empty for
 *     the remote's 127.0.0.1
 * @param targetPort the target's port, 1 to 65535; 0 for a unix socket
 * @param http how request heads are rewritten; empty if the bytes pass unchanged
 * @param proxyProtocol the version of the PROXY protocol header that the target gets first, which says who the user is;
 *     empty for none
 * @param udp how datagrams are handled; empty for a route that has none
 * @param quota how many bytes may pass; empty for any number
 * @param range the exposed ports, if there are many; the first leads to {@code targetPort}, and each further one to the
 *     next port
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
    /** The route of one exposed port. */
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

    /** A route without a PROXY protocol header, without datagrams, and without a quota. */
    public RouteSettings(
            boolean enabled, Optional<String> targetHost, int targetPort, Optional<HttpRewriteSettings> http) {
        this(enabled, targetHost, targetPort, http, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a copy with another PROXY protocol header for the target. */
    public RouteSettings withProxyProtocol(Optional<ProxyHeader.Version> version) {
        return new RouteSettings(enabled, targetHost, targetPort, http, version, udp, quota, range);
    }

    /** Returns a copy with another quota. */
    public RouteSettings withQuota(Optional<Quota> other) {
        return new RouteSettings(enabled, targetHost, targetPort, http, proxyProtocol, udp, other, range);
    }

    /** The host of a target without a host. */
    public static final String LOOPBACK = "127.0.0.1";

    /** The target as it is written: {@code host:port} or a unix socket. */
    public String target() {
        if (range.isPresent()) {
            return Sockets.text(targetHost.orElse(LOOPBACK), range.get().of(targetPort));
        }
        return Sockets.targetText(targetHost.orElse(LOOPBACK), targetPort);
    }

    /** Returns the target's port for a user of one of the exposed ports. */
    int targetPort(SocketAddress exposed) {
        return range.isPresent() ? targetPort + range.get().offset(exposed) : targetPort;
    }

    /**
     * Whether the streams of a route with these settings may continue when the route gets other settings: the new route
     * must be enabled and must admit the same logins.
     */
    public boolean streamsMayGoOn(RouteSettings others) {
        return others.enabled && auth().equals(others.auth());
    }

    /**
     * Whether other settings lead to the same target in the same way: with the same header and the same logins. They
     * may differ in quota, and in whether users are admitted.
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

    /** How datagrams are handled; the default if nothing else is set. */
    UdpSettings udpOrDefault() {
        return udp.orElse(UdpSettings.DEFAULT);
    }

    private Optional<BasicAuth> auth() {
        return http.flatMap(HttpRewriteSettings::auth);
    }
}
