package io.portproxy.server.exposed;

import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ProxyHeader;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One exposed port.
 *
 * @param address where users connect
 * @param enabled whether users are carried; otherwise the address stays bound and they are refused
 * @param targetHost the target's host as the remote sees it, or a unix socket as it is written; empty for the remote's 127.0.0.1
 * @param targetPort the target's port, 1 to 65535; 0 of a unix socket
 * @param http how request heads are rewritten; empty for {@code type: tcp}
 * @param access which users may connect; empty: as the remote has it
 * @param proxyProtocol how the target is told who the user is, ahead of all else; empty if it is not
 * @param proxies from where connections begin with a header that says who the user is
 * @param udp what is done with datagrams; empty if there are none
 * @param quota how many bytes may pass; empty for any number
 * @param limits what its users together may have
 */
public record PortSettings(
        PortAddress address,
        boolean enabled,
        Optional<String> targetHost,
        int targetPort,
        Optional<HttpRewriteSettings> http,
        Optional<Access> access,
        Optional<ProxyHeader.Version> proxyProtocol,
        AddressSet proxies,
        Optional<UdpSettings> udp,
        Optional<Quota> quota,
        LimitSettings limits) {
    /** Where its users are carried to. */
    public RouteSettings route() {
        return new RouteSettings(enabled, targetHost, targetPort, http, proxyProtocol, udp, quota, address.range());
    }

    /** One port that says nothing of who may connect. */
    public PortSettings(
            InetSocketAddress bind,
            boolean enabled,
            Optional<String> targetHost,
            int targetPort,
            Optional<HttpRewriteSettings> http) {
        this(
                PortAddress.of(bind),
                enabled,
                targetHost,
                targetPort,
                http,
                Optional.empty(),
                Optional.empty(),
                AddressSet.NONE,
                Optional.empty(),
                Optional.empty(),
                LimitSettings.NONE);
    }

    /** The same, for other users. */
    public PortSettings withAccess(Optional<Access> other) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, other, proxyProtocol, proxies, udp, quota, limits);
    }

    /** The same, where the target is told who users are. */
    public PortSettings withProxyProtocol(Optional<ProxyHeader.Version> version) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, version, proxies, udp, quota, limits);
    }

    /** The same, which is told from there who users are. */
    public PortSettings withProxies(AddressSet others) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, others, udp, quota, limits);
    }

    /** The same, whose users send datagrams. */
    public PortSettings withUdp(UdpSettings how) {
        return new PortSettings(
                address,
                enabled,
                targetHost,
                targetPort,
                http,
                access,
                proxyProtocol,
                proxies,
                Optional.of(how),
                quota,
                limits);
    }

    /** The same with another quota. */
    public PortSettings withQuota(Optional<Quota> other) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, other, limits);
    }

    /** The same with other limits. */
    public PortSettings withLimits(LimitSettings others) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, quota, others);
    }

    /** Whether its users send datagrams. */
    public boolean isUdp() {
        return udp.isPresent();
    }

    /** One that is enabled. */
    public PortSettings(
            InetSocketAddress bind, Optional<String> targetHost, int targetPort, Optional<HttpRewriteSettings> http) {
        this(bind, true, targetHost, targetPort, http);
    }

    /** The same at another address; the target has as many ports. */
    public PortSettings at(PortAddress other) {
        return new PortSettings(
                other, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, quota, limits);
    }
}
