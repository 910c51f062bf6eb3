package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * An address for the web applications of many host names.
 *
 * @param name The name of the gateway, which hosts refer to. Required. Range: 1 to 50 letters, digits and hyphens; once.
 * @param bind Where users connect: host:port, [v6]:port, or a bare port for all of this machine's addresses. Required. Range of the
 *     port: 0 (any free port) to 65535.
 * @param publicPort The port that users see, if another port (of a container or a load balancer) leads to bind. Default: that of bind.
 *     Range: 1 to 65535.
 * @param ssl how users' connections are encrypted
 * @param redirectToHttps Whether requests are redirected to the first gateway that has ssl. Default: false. Range: true or false.
 * @param requestTimeout How long a user may take for each of these steps: the ClientHello of TLS, the rest of the TLS
 *     handshake, and the head of the first request. Default: 10s; a bare number means seconds. Range: 100ms to 24h.
 * @param maxPending How many users may be without a complete header of the PROXY protocol or request head. Above that, the address
 *     with the most of them loses its oldest. Default: 10000. Range: 1 to 1000000.
 * @param maxRequestHead The longest head of the first request of a connection. Default: 32KB. Range: 1KB to 1MB.
 * @param tunnel The name at which remotes reach the tunnel port through this gateway. A connection that asks for this name in TLS and
 *     begins with a greeting comes from a remote. The gateway needs ssl. Default: none.
 * @param acceptProxyProtocol Addresses and ranges of proxies in front of the gateway. Connections from these must begin with a header
 *     of the PROXY protocol, which comes before TLS and contains the user's address. A connection from any other address that begins
 *     with such a header is refused. Default: none.
 */
public record GatewayProperties(
        @Nullable String name,
        @Nullable String bind,
        @Nullable Integer publicPort,
        @DefaultValue @NestedConfigurationProperty Ssl ssl,
        @DefaultValue("false") boolean redirectToHttps,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration requestTimeout,

        @DefaultValue("10000") int maxPending,
        @DefaultValue("32KB") DataSize maxRequestHead,
        @Nullable String tunnel,
        @Nullable List<String> acceptProxyProtocol) {
    public GatewayProperties {
        acceptProxyProtocol = acceptProxyProtocol == null ? null : List.copyOf(acceptProxyProtocol);
    }

    /**
     * TLS for the users of a gateway. TLS ends at the gateway.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) with the key and certificate. Default: none, users speak plain HTTP.
     * @param bundles The names of several SSL bundles, in place of bundle. A user gets the certificate for the requested name. Without a
     *     requested name, the user gets the certificate of the first bundle. Default: none.
     * @param acme Whether to use certificates by ACME instead, one for each host of the gateway that has no asterisk. Default: false.
     *     Range: true or false.
     */
    public record Ssl(
            @Nullable String bundle,
            @DefaultValue List<String> bundles,
            @DefaultValue("false") boolean acme) {
        public Ssl {
            bundles = List.copyOf(bundles);
        }

        /** Returns whether users of the gateway speak TLS. */
        public boolean isOn() {
            return bundle != null || !bundles.isEmpty() || acme;
        }
    }
}
