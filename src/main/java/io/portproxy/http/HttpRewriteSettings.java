package io.portproxy.http;

import io.portproxy.net.AddressRange;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the requests of one exposed port are rewritten.
 *
 * @param hostHeader what is done with {@code Host}
 * @param target what {@code Host} becomes by {@link HostHeader.Policy#REWRITE}, such as {@code 127.0.0.1:17211}
 * @param forwardedHeaders whether the target is told where a request came from
 * @param trustedProxies whose {@code Forwarded} and {@code X-Forwarded-*} are kept
 * @param maxRequestHead the most bytes of a request head, its line ends included, and of the trailers or of one chunk's
 *     extensions; at least {@value #MIN_REQUEST_HEAD}
 * @param requestTimeout how long a request's head that has begun may take; empty for the time of the address that users connect to
 * @param responseTimeout how long a target that has a whole request may take until its answer begins; empty for any time
 * @param headers what else is changed of heads
 * @param auth who may send requests; empty for anybody
 */
public record HttpRewriteSettings(
        HostHeader hostHeader,
        String target,
        ForwardedHeaders forwardedHeaders,
        List<AddressRange> trustedProxies,
        int maxRequestHead,
        Optional<Duration> requestTimeout,
        Optional<Duration> responseTimeout,
        HeaderRules headers,
        Optional<BasicAuth> auth) {
    /** The least that {@link #maxRequestHead} can be, bytes. */
    public static final int MIN_REQUEST_HEAD = 256;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the target is no {@code host:port}, or the limit is too small
     */
    public HttpRewriteSettings {
        Authority.require(target);
        trustedProxies = List.copyOf(trustedProxies);
        if (maxRequestHead < MIN_REQUEST_HEAD) {
            throw new IllegalArgumentException(
                    "max-request-head is " + maxRequestHead + " bytes; give it at least " + MIN_REQUEST_HEAD);
        }
    }

    /** The same without what few ports have. */
    public HttpRewriteSettings(
            HostHeader hostHeader,
            String target,
            ForwardedHeaders forwardedHeaders,
            List<AddressRange> trustedProxies,
            int maxRequestHead) {
        this(
                hostHeader,
                target,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                Optional.empty(),
                Optional.empty(),
                HeaderRules.NONE,
                Optional.empty());
    }

    /** The same, with a time for heads. */
    public HttpRewriteSettings withRequestTimeout(Duration timeout) {
        return new HttpRewriteSettings(
                hostHeader,
                target,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                Optional.of(timeout),
                responseTimeout,
                headers,
                auth);
    }

    /** The same, with a time for answers. */
    public HttpRewriteSettings withResponseTimeout(Duration timeout) {
        return new HttpRewriteSettings(
                hostHeader,
                target,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                requestTimeout,
                Optional.of(timeout),
                headers,
                auth);
    }

    /** The same, with other changes of heads. */
    public HttpRewriteSettings withHeaders(HeaderRules rules) {
        return new HttpRewriteSettings(
                hostHeader,
                target,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                requestTimeout,
                responseTimeout,
                rules,
                auth);
    }

    /** The same, for some users alone. */
    public HttpRewriteSettings withAuth(BasicAuth whom) {
        return new HttpRewriteSettings(
                hostHeader,
                target,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                requestTimeout,
                responseTimeout,
                headers,
                Optional.of(whom));
    }

    /**
     * Where a request comes from: what the connection says, or else what the nearest proxy that is not trusted is said to be.
     *
     * @param user the connection's other end
     */
    public InetAddress client(InetAddress user, RequestView request) {
        if (!trusts(user) || forwardedHeaders != ForwardedHeaders.ADD) {
            return user;
        }
        InetAddress nearest = user;
        String[] hops = request.forwardedFor().orElse("").split(",", -1);
        for (int i = hops.length - 1; i >= 0 && trusts(nearest); i--) {
            try {
                nearest = AddressRange.parse(hops[i].strip()).address();
            } catch (IllegalArgumentException e) {
                return nearest; // "unknown", or nonsense
            }
        }
        return nearest;
    }

    /** What every request names as its host, if not what the user wrote. */
    Optional<String> host() {
        if (hostHeader instanceof HostHeader.Literal literal) {
            return Optional.of(literal.value());
        }
        return hostHeader == HostHeader.Policy.REWRITE ? Optional.of(target) : Optional.empty();
    }

    /** Whether it is a proxy whose word on its users is taken. */
    public boolean trusts(InetAddress user) {
        return trustedProxies.stream().anyMatch(range -> range.contains(user));
    }
}
