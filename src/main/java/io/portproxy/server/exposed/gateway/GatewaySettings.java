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
 * @param address where users connect
 * @param certificates the certificates for TLS; empty for plain HTTP
 * @param tunnel the name, in lower case, by which remotes reach the tunnel port through TLS; empty if they cannot
 * @param redirectPort the https port to which requests are redirected; empty if requests are not redirected
 * @param requests what is allowed until the head of a first request is complete
 * @param challenges answers for certificate authorities, which come before all hosts; only without TLS
 */
public record GatewaySettings(
        String name,
        Address address,
        Optional<ServerNames> certificates,
        Optional<String> tunnel,
        Optional<Integer> redirectPort,
        Requests requests,
        HttpChallenges challenges) {

    /**
     * Where users connect.
     *
     * @param bind the address that users connect to; resolved, port 0 for any free port
     * @param publicPort the port that users see in the URL; empty for the bound port
     * @param proxies the addresses whose connections begin with a header of the PROXY protocol
     */
    public record Address(InetSocketAddress bind, Optional<Integer> publicPort, AddressSet proxies) {
        /** An address whose port users see, and whose connections begin without a header of the PROXY protocol. */
        public static Address of(InetSocketAddress bind) {
            return new Address(bind, Optional.empty(), AddressSet.NONE);
        }

        /** Returns a copy with another port that users see in the URL. */
        public Address seenAt(int port) {
            return new Address(bind, Optional.of(port), proxies);
        }
    }

    /**
     * What is allowed until the head of a first request is complete.
     *
     * @param timeout how long a user may take for its TLS handshake, and then for the head of its first request
     * @param maxPending the most users without a complete head at a time; when there are more, the IPv4 address or IPv6
     *     network of 64 bits with the most of them loses its oldest
     * @param maxHead the most bytes of a request's head
     */
    public record Requests(Duration timeout, int maxPending, int maxHead) {}

    /** A gateway that speaks plain HTTP, without redirects and without answers for certificate authorities. */
    public static GatewaySettings plain(String name, Address address, Requests requests) {
        return new GatewaySettings(
                name, address, Optional.empty(), Optional.empty(), Optional.empty(), requests, HttpChallenges.NONE);
    }

    /** Returns the address that users connect to; resolved, port 0 for any free port. */
    public InetSocketAddress bind() {
        return address.bind();
    }

    /** Returns a copy with other addresses whose connections begin with a header of the PROXY protocol. */
    public GatewaySettings withProxies(AddressSet others) {
        Address other = new Address(address.bind, address.publicPort, others);
        return new GatewaySettings(name, other, certificates, tunnel, redirectPort, requests, challenges);
    }

    /** Returns a copy that speaks TLS. */
    public GatewaySettings withTls(ServerNames names) {
        return new GatewaySettings(name, address, Optional.of(names), tunnel, redirectPort, requests, challenges);
    }

    /** Returns a copy at which remotes reach the tunnel port by this name. */
    public GatewaySettings withTunnel(String tunnelName) {
        return new GatewaySettings(
                name, address, certificates, Optional.of(tunnelName), redirectPort, requests, challenges);
    }

    /** Returns a copy that redirects requests to this https port. */
    public GatewaySettings redirectingTo(int port) {
        return new GatewaySettings(name, address, certificates, tunnel, Optional.of(port), requests, challenges);
    }
}
