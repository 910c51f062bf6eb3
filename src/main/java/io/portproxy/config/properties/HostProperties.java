package io.portproxy.config.properties;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.net.ProxyHeader;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * A host name at gateways, or some of its paths.
 *
 * @param host The name: one name, such as app.example.com; all names below one, such as *.example.com; or * for every other name.
 *     Required.
 * @param path The prefix of the paths. For example, /api means /api and everything below it. Default: /.
 * @param gateways The names of the gateways at which users reach the host. Default: all of them.
 * @param enabled Whether users may connect. If not, they get 503. Default: true. Range: true or false.
 * @param tls Where TLS ends: at the gateway (terminate), or at the target (passthrough). With passthrough, the target needs the
 *     certificate. Default: terminate. Range: terminate or passthrough.
 * @param remote The target: its port at 127.0.0.1 of the remote, or, in the extended dialect, its host:port or
 *     unix socket (unix:/run/app.sock) as the remote sees it. Required. Range of the port: 1 to 65535.
 * @param hostHeader The Host of requests: preserve, rewrite or a literal value, as for a port of type http. Default: preserve.
 * @param forwardedHeaders Whether requests tell the target where they came from. Default: add. Range: add or none.
 * @param trustedProxies Reverse proxies in front of the gateway, as for a port of type http. Default: none.
 * @param maxRequestHead The longest request head. Default: 32KB. Range: 1KB to 1MB.
 * @param responseTimeout How long the target may take to begin its answer to a complete request. Then the user gets 504. Default: none,
 *     any time; a bare number means seconds. Range: 100ms to 24h.
 * @param headers which header fields are changed
 * @param hsts how browsers are told not to use plain HTTP
 * @param auth who may send requests
 * @param access which users may connect
 * @param proxyProtocol The version of the PROXY protocol with which the remote tells the target the user's address, before all other
 *     bytes. The target has to expect it. Default: none. Range: v1 or v2.
 * @param quota how many bytes the host may carry
 * @param limits how much its users together may use
 * @param holdWhileAway How long a user waits for the remote while it is away. Then the answer is 503. Default: as for the remote; a
 *     bare number means seconds. Range: 100ms to 300s.
 */
public record HostProperties(
        @Nullable String host,
        @DefaultValue("/") String path,
        @DefaultValue List<String> gateways,
        @DefaultValue("true") boolean enabled,
        @DefaultValue("terminate") TlsEnd tls,
        @Nullable String remote,
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
        @Nullable @NestedConfigurationProperty QuotaProperties quota,
        @Nullable @NestedConfigurationProperty LimitProperties limits,
        @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration holdWhileAway) {
    public HostProperties {
        gateways = List.copyOf(gateways);
        trustedProxies = trustedProxies == null ? null : List.copyOf(trustedProxies);
    }

    /** Returns the type that the connections of this host's users have for the remote. */
    public PortType type() {
        return tls == TlsEnd.PASSTHROUGH ? PortType.TCP : PortType.HTTP;
    }

    /** Returns how the server handles requests to this host. */
    public HttpProperties http() {
        return new HttpProperties(
                hostHeader,
                forwardedHeaders,
                trustedProxies,
                maxRequestHead,
                null,
                responseTimeout,
                headers,
                hsts,
                auth);
    }

    /** Where the TLS of a host's users ends. */
    public enum TlsEnd {
        /** At the gateway. */
        TERMINATE,
        /** At the target. */
        PASSTHROUGH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
