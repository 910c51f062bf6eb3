package io.portproxy.config.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Certificates that this process gets and renews by itself, by ACME. They are used where ssl.acme is true, and by the SSL bundle named
 * acme.
 *
 * @param termsAccepted Whether you have read and accept the terms of the certificate authority. For Let's Encrypt, see
 *     https://letsencrypt.org/repository/. Without this, no certificate is ordered. Default: false. Range: true or false.
 * @param email The address at which the authority can contact you about the account. Default: none.
 * @param staging Whether to use the staging environment of Let's Encrypt, for trials. Browsers do not trust its certificates, and its
 *     limits are high. Default: false. Range: true or false.
 * @param directory The URL of another authority's directory. Default: Let's Encrypt's.
 * @param ssl how to trust the web server of the authority
 * @param names The names of this server itself, for tunnels and the admin page. The hosts of gateways do not have to be in this list.
 *     Default: none. Range: names such as proxy.example.com, without wildcards.
 * @param httpBind The address at which PortProxy answers the challenge http-01 during an order, if no gateway without ssl answers it:
 *     host:port, [v6]:port, or a bare port for all of this machine's addresses. The authority connects to port 80. Default: none.
 * @param retryInitial How long to wait after the first failed attempt. The wait doubles after each further one. Default: 2m; a bare number
 *     means seconds. Range: 100ms to 24h.
 * @param retryMax The longest wait between attempts. Default: 6h; a bare number means seconds. Range: retry-initial to 24h.
 * @param renewAfterPercent The percentage of a certificate's lifetime after which it is renewed, if the authority does not say when.
 *     Default: 66. Range: 10 to 95.
 * @param maxNames How many names may have certificates. Further names get none, and the log says so. Default: 100. Range: 1 to 10000.
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
     * How to trust the web server of the authority.
     *
     * @param bundle The name of the SSL bundle (spring.ssl.bundle.*) whose trust store is used. You need it for an authority within your
     *     network. Default: none, what Java trusts.
     */
    public record Ssl(@Nullable String bundle) {}
}
