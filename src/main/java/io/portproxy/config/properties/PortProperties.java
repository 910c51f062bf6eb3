package io.portproxy.config.properties;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.net.ProxyHeader;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * One exposed port.
 *
 * @param name The name of the port in the API and the dashboard. Default: what bind says; for a unix socket its path, with - for each
 *     slash. Range: 1 to 255 bytes, without slashes, semicolons and percent signs; once in its remote.
 * @param enabled Whether users may connect. A disabled port stays bound and resets them. Default: true. Range: true
 *     or false.
 * @param type What is exposed. A port of type udp may have the same number as a port of another type. Default: tcp. Range: tcp, http or
 *     udp.
 * @param bind Where users connect: host:port, [v6]:port, or a bare port for 127.0.0.1. For type tcp and udp, it can be a range of
 *     ports, such as 0.0.0.0:30000-30010. Then remote must have as many ports. For type tcp and http, it can be a unix socket of the
 *     server, such as unix:/run/portproxy/app.sock. To give the socket another mode than 0660, write the mode after |, such as
 *     unix:/run/portproxy/app.sock|0666. Required. Range of the port: 0 (any free port) to 65535.
 * @param remote The target: its port at 127.0.0.1 of the remote, or, in the extended dialect, its host:port or
 *     unix socket (unix:/run/app.sock) as the remote sees it. Required. Range of the port: 1 to 65535.
 * @param requestTimeout How long a user may take for the head of a request, only for type http. After this time, the answer is 408.
 *     Default: 60s, and 10s for a first request that auth is for; a bare number means seconds. Range: 100ms to 24h.
 * @param hostHeader The Host of requests, only for type http: preserve (what the user sent), rewrite (the target's), or a literal
 *     value. If an Origin or Referer names the same host, it is changed in the same way. A Location in the answer that names the new
 *     host becomes relative. Default: preserve.
 * @param forwardedHeaders Whether requests tell the target where they came from, only for type http: add
 *     (X-Forwarded-For, -Host, -Port and -Proto), or none. Default: add. Range: add or none.
 * @param trustedProxies Addresses and ranges of reverse proxies in front of this port, such as 127.0.0.1 or 10.0.0.0/8, only for type
 *     http. The server keeps the Forwarded and X-Forwarded-* of requests from these. It removes them from all other requests. Default:
 *     none.
 * @param maxRequestHead The longest request head, only for type http. Default: 32KB. Range: 1KB to 1MB.
 * @param responseTimeout How long the target may take to begin its answer to a complete request, only for type http. After this time,
 *     the user gets 504. Default: none, any time; a bare number means seconds. Range: 100ms to 24h.
 * @param headers which header fields are changed, only for type http
 * @param hsts how browsers are told not to use plain HTTP, only for type http
 * @param auth who may send requests, only for type http
 * @param access which users may connect
 * @param proxyProtocol The version of the PROXY protocol with which the remote tells the target the user's address. The header comes
 *     before all other bytes of a connection, or, for type udp, at the beginning of each datagram. The target has to expect it.
 *     Default: none. Range: v1 or v2; v2 for type udp.
 * @param acceptProxyProtocol Addresses and ranges of proxies in front of this port. Connections from these must begin with a header of
 *     the PROXY protocol, which contains the user's address. A connection from any other address that begins with such a header is
 *     refused. Default: none.
 * @param idleTimeout How long a user's session may be without a datagram in either direction, only for type udp. After this time, the
 *     session ends. Default: 2m; a bare number means seconds. Range: 100ms to 24h.
 * @param maxSessions How many sessions the port may have at a time, only for type udp. When all are used, the server ends the session
 *     whose user has recently sent the least after answers, and a new user gets its place. If the server can end no session, it drops
 *     the datagrams of new users. Default: 4096. Range: 1 to 65536.
 * @param maxSessionsPerUser How many sessions one IPv4 address, or one 64-bit network of IPv6, may have, only for type udp. A 24-bit
 *     network of IPv4, or a 48-bit network of IPv6, may have four times as many. Default: 64. Range: 1 to 65536.
 * @param replyLimit How many bytes of answers a user may get for each byte that the user has sent in the session, only for type udp.
 *     Without a limit, a large answer to a request with a forged address goes to somebody who has not asked for it. Default: any
 *     number. Range: 1 to 1000.
 * @param quota how many bytes the port may carry
 * @param limits how much its users together may use
 * @param holdWhileAway How long a user waits for the remote while it is away. Then the user is reset. Not for type udp. Default: as for
 *     the remote; a bare number means seconds. Range: 100ms to 300s.
 */
public record PortProperties(
        @Nullable String name,
        @DefaultValue("true") boolean enabled,
        @DefaultValue("tcp") PortType type,
        @Nullable String bind,
        @Nullable String remote,

        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration requestTimeout,

        @Nullable String hostHeader,
        @Nullable ForwardedHeaders forwardedHeaders,
        @Nullable List<String> trustedProxies,
        @DefaultValue("32KB") DataSize maxRequestHead,

        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration responseTimeout,

        @NestedConfigurationProperty HttpProperties.@Nullable Headers headers,
        @NestedConfigurationProperty HttpProperties.@Nullable Hsts hsts,
        @NestedConfigurationProperty HttpProperties.@Nullable Auth auth,
        @Nullable @NestedConfigurationProperty AccessProperties access,
        ProxyHeader.@Nullable Version proxyProtocol,
        @Nullable List<String> acceptProxyProtocol,

        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
        @Nullable Integer maxSessions,
        @Nullable Integer maxSessionsPerUser,
        @Nullable Integer replyLimit,
        @Nullable @NestedConfigurationProperty QuotaProperties quota,
        @Nullable @NestedConfigurationProperty LimitProperties limits,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
    public PortProperties {
        acceptProxyProtocol = acceptProxyProtocol == null ? null : List.copyOf(acceptProxyProtocol);
        trustedProxies = trustedProxies == null ? null : List.copyOf(trustedProxies);
    }

    /** Returns how the server handles datagrams, if the port is of type udp. */
    public Udp udp() {
        return new Udp(idleTimeout, maxSessions, maxSessionsPerUser, replyLimit);
    }

    /** Returns how the server handles requests, if the port is of type http. */
    public HttpProperties http() {
        return new HttpProperties(
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                requestTimeout,
                responseTimeout,
                headers,
                hsts,
                auth);
    }

    /** How a port of type udp handles datagrams. For the components, see {@link PortProperties}. */
    public record Udp(
            @Nullable Duration idleTimeout,
            @Nullable Integer maxSessions,
            @Nullable Integer maxSessionsPerUser,
            @Nullable Integer replyLimit) {}
}
