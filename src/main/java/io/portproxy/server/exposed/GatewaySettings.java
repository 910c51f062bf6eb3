package io.portproxy.server.exposed;

import io.portproxy.net.AddressSet;
import io.portproxy.net.tls.ServerNames;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * An address at which many hosts are reached.
 *
 * @param name what hosts call it
 * @param bind the address that users connect to; resolved, port 0 for any free port
 * @param publicPort the port that users see in the address; empty for the one that is bound
 * @param certificates those of TLS; empty for plain HTTP
 * @param tunnel the name, in lower case, by which remotes ask in TLS for the tunnel port; empty if they cannot here
 * @param redirectPort the port of https to which requests are redirected; empty if they are carried
 * @param requestTimeout how long a user may take for its TLS handshake, and then for its first request's head
 * @param maxPending users that may be without a complete head at a time; then the address with most of them loses its oldest
 * @param maxRequestHead the most bytes of a request's head
 * @param challenges what is answered ahead of all hosts, without TLS alone
 * @param proxies from where connections begin with a header that says who the user is
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
    /** The same, which is told from there who users are. */
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

    /** Nobody looks whether names lead here. */
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
