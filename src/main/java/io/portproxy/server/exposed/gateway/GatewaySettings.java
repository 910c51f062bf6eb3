package io.portproxy.server.exposed.gateway;

import io.portproxy.net.AddressSet;
import io.portproxy.net.tls.ServerNames;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of an address at which many hosts are reached.
 *
 * @param name the name that hosts use for it
 * @param bind the address that users connect to; resolved, port 0 for any free port
 * @param publicPort the port that users see in the URL; empty for the bound port
 * @param certificates the certificates for TLS; empty for plain HTTP
 * @param tunnel the name, in lower case, by which remotes reach the tunnel port through TLS; empty if they cannot
 * @param redirectPort the https port to which requests are redirected; empty if requests are not redirected
 * @param requestTimeout how long a user may take for its TLS handshake, and then for the head of its first request
 * @param maxPending the most users without a complete head at a time; when there are more, the IPv4 address or IPv6
 *     network of 64 bits with the most of them loses its oldest
 * @param maxRequestHead the most bytes of a request's head
 * @param challenges answers for certificate authorities, which come before all hosts; only without TLS
 * @param proxies the addresses whose connections begin with a header of the PROXY protocol
 */
public record GatewaySettings(
        String name,
        InetSocketAddress bind,
        Optional<Integer> publicPort,
        Optional<ServerNames> certificates,
        Optional<String> tunnel,
        Optional<Integer> redirectPort,
        Duration requestTimeout,
        int maxPending,
        int maxRequestHead,
        HttpChallenges challenges,
        AddressSet proxies) {
    /** Returns a copy with other addresses whose connections begin with a header of the PROXY protocol. */
    public GatewaySettings withProxies(AddressSet others) {
        return new GatewaySettings(
                name,
                bind,
                publicPort,
                certificates,
                tunnel,
                redirectPort,
                requestTimeout,
                maxPending,
                maxRequestHead,
                challenges,
                others);
    }

    /** A gateway without answers for certificate authorities, and without headers of the PROXY protocol. */
    public GatewaySettings(
            String name,
            InetSocketAddress bind,
            Optional<Integer> publicPort,
            Optional<ServerNames> certificates,
            Optional<String> tunnel,
            Optional<Integer> redirectPort,
            Duration requestTimeout,
            int maxPending,
            int maxRequestHead) {
        this(
                name,
                bind,
                publicPort,
                certificates,
                tunnel,
                redirectPort,
                requestTimeout,
                maxPending,
                maxRequestHead,
                HttpChallenges.NONE,
                AddressSet.NONE);
    }
}
