package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Certificates that this process gets and renews by itself, by ACME. Used where ssl.acme is true, and by the SSL bundle named acme.
 *
 * @param termsAccepted Whether you have read and accept the terms of the certificate authority; for Let's Encrypt, see
 *     https://letsencrypt.org/repository/. Without this, no certificate is ordered. Default: false. Range: true or
 *     false.
 * @param email The authority's contact for this account. Default: nowhere.
 * @param staging Whether to use Let's Encrypt's staging environment, for trials: browsers do not trust its
 *     certificates, and its limits are high. Default: false. Range: true or false.
 * @param directory The URL of another authority's directory. Default: Let's Encrypt's.
 * @param ssl how the authority's own web server is trusted
 * @param names The names of this server itself, for tunnels and the admin page. The hosts of gateways need not be
 *     here. Default: none. Range: names such as proxy.example.com, without wildcards.
 * @param httpBind The address at which the challenge http-01 is answered during an order, if no gateway without ssl
 *     answers it: host:port, [v6]:port, or a bare port for all of this host's addresses. The authority connects to port
 *     80. Default: none.
 * @param retryInitial How long to wait after the first failed attempt; doubled after each further one. Default: 2m; a
 *     bare number means seconds. Range: 100ms to 24h.
 * @param retryMax How long to wait at most. Default: 6h; a bare number means seconds. Range: retry-initial to 24h.
 * @param renewAfterPercent The percentage of its lifetime after which a certificate is renewed, if the authority does
 *     not say when. Default: 66. Range: 10 to 95.
 * @param maxNames How many names may have certificates; further ones get none, and the log says so. Default: 100.
 *     Range: 1 to 10000.
 * @param maxOrdersPerHour How many certificates may be ordered within an hour, for all names together. Default: 50.
 *     Range: 1 to 1000.
 */
public record AcmeProperties(
        @DefaultValue("false") boolean termsAccepted,
        @Nullable String email,
        @DefaultValue("false") boolean staging,
        @Nullable String directory,
        @DefaultValue @NestedConfigurationProperty Ssl ssl,
        @DefaultValue List<String> names,
        @Nullable String httpBind,

        @DefaultValue("2m") @DurationUnit(ChronoUnit.SECONDS)
        Duration retryInitial,

        @DefaultValue("6h") @DurationUnit(ChronoUnit.SECONDS)
        Duration retryMax,

        @DefaultValue("66") int renewAfterPercent,
        @DefaultValue("100") int maxNames,
        @DefaultValue("50") int maxOrdersPerHour) {

    public AcmeProperties {
        names = List.copyOf(names);
    }

    /** Returns the URL of the authority's directory that these properties select. */
    public String directoryText() {
        if (directory != null) {
            return directory;
        }
        return staging
                ? "https://acme-staging-v02.api.letsencrypt.org/directory"
                : "https://acme-v02.api.letsencrypt.org/directory";
    }

    /**
     * How the authority's own web server is trusted.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) whose trust store is used, for an authority within a network. Default:
     *     none, what Java trusts.
     */
    public record Ssl(@Nullable String bundle) {}
}
