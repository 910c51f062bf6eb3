package io.portproxy.server.exposed;

import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ProxyHeader;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.usage.Quota;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The settings of one exposed port.
 *
 * @param address the address that users connect to
 * @param enabled whether users are admitted; otherwise the address stays bound and users are refused
 * @param targetHost the target's host as the remote sees it, or the path of a unix socket as it is written; empty for
 *     the remote's 127.0.0.1
 * @param targetPort the target's port, 1 to 65535; 0 for a unix socket
 * @param http how request heads are rewritten; empty for {@code type: tcp}
 * @param access which users may connect; empty: as the remote says
 * @param proxyProtocol the version of the PROXY protocol header that the target gets first, which says who the user is;
 *     empty for none
 * @param proxies the addresses whose connections begin with a header of the PROXY protocol
 * @param udp how datagrams are handled; empty for a port that has none
 * @param quota how many bytes may pass; empty for any number
 * @param limits the limits for its users together
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
    /** Returns the settings of its route. */
    public RouteSettings route() {
        return new RouteSettings(enabled, targetHost, targetPort, http, proxyProtocol, udp, quota, address.range());
    }

    /** A port without an access list. */
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

    /** Returns a copy with another access list. */
    public PortSettings withAccess(Optional<Access> other) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, other, proxyProtocol, proxies, udp, quota, limits);
    }

    /** Returns a copy with another PROXY protocol header for the target. */
    public PortSettings withProxyProtocol(Optional<ProxyHeader.Version> version) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, version, proxies, udp, quota, limits);
    }

    /** Returns a copy with other addresses whose connections begin with a header of the PROXY protocol. */
    public PortSettings withProxies(AddressSet others) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, others, udp, quota, limits);
    }

    /** Returns a copy whose users send datagrams. */
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

    /** Returns a copy with another quota. */
    public PortSettings withQuota(Optional<Quota> other) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, other, limits);
    }

    /** Returns a copy with other limits. */
    public PortSettings withLimits(LimitSettings others) {
        return new PortSettings(
                address, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, quota, others);
    }

    /** Whether its users send datagrams. */
    public boolean isUdp() {
        return udp.isPresent();
    }

    /** A port that is enabled. */
    public PortSettings(
            InetSocketAddress bind, Optional<String> targetHost, int targetPort, Optional<HttpRewriteSettings> http) {
        this(bind, true, targetHost, targetPort, http);
    }

    /** Returns a copy at another address; the target has the same number of ports. */
    public PortSettings at(PortAddress other) {
        return new PortSettings(
                other, enabled, targetHost, targetPort, http, access, proxyProtocol, proxies, udp, quota, limits);
    }
}
