package io.portproxy.http;

import io.portproxy.net.AddressRange;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings for rewriting the requests of one exposed port.
 *
 * @param hostHeader what becomes of {@code Host}
 * @param target the value of {@code Host} with {@link HostHeader.Policy#REWRITE}, such as {@code 127.0.0.1:17211}
 * @param forwardedHeaders whether the target learns where a request came from
 * @param trustedProxies the addresses whose {@code Forwarded} and {@code X-Forwarded-*} are kept
 * @param maxRequestHead the most bytes of a request head with its line ends, and also of the trailers or of one chunk's
 *     extensions; at least {@value #MIN_REQUEST_HEAD}
 * @param requestTimeout the time in which a request head must be complete after its first byte; empty to use the time
 *     of the address that users connect to
 * @param responseTimeout the time after the end of a request in which the target's answer must begin; empty for no
 *     limit
 * @param headers the other changes to heads
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
    /** The smallest {@link #maxRequestHead}, in bytes. */
    public static final int MIN_REQUEST_HEAD = 256;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the target is not {@code host:port}, or the limit is too small
     */
    public HttpRewriteSettings {
        Authority.require(target);
        trustedProxies = List.copyOf(trustedProxies);
        if (maxRequestHead < MIN_REQUEST_HEAD) {
            throw new IllegalArgumentException(
                    "max-request-head is " + maxRequestHead + " bytes; give it at least " + MIN_REQUEST_HEAD);
        }
    }

    /** Makes settings without the values that few ports have. */
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

    /** Returns the same settings with a timeout for request heads. */
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

    /** Returns the same settings with a timeout for answers. */
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

    /** Returns the same settings with other changes of heads. */
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

    /** Returns the same settings, but only the users in {@code whom} have access. */
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
     * Returns the address that a request comes from. This is the other end of the connection. If that is a trusted
     * proxy and the target gets forwarded fields, it is the last address in {@code X-Forwarded-For} that is not a
     * trusted proxy.
     *
     * @param user the other end of the connection
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

    /** Returns the host that every request names; empty if requests keep the user's. */
    Optional<String> host() {
        if (hostHeader instanceof HostHeader.Literal literal) {
            return Optional.of(literal.value());
        }
        return hostHeader == HostHeader.Policy.REWRITE ? Optional.of(target) : Optional.empty();
    }

    /** Returns whether {@code user} is a proxy whose forwarded fields are trusted. */
    public boolean trusts(InetAddress user) {
        return trustedProxies.stream().anyMatch(range -> range.contains(user));
    }
}
