package io.portproxy.acme;

import java.net.http.HttpClient;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Connects to an authority whose web server has a certificate that Java does not trust by default. */
final class TrustingProvider extends GenericAcmeProvider {
    private final Optional<Supplier<SSLContext>> trust;

    /** @param trust the certificates to trust; empty for those that Java trusts */
    TrustingProvider(Optional<Supplier<SSLContext>> trust) {
        this.trust = trust;
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(settings.getTimeout())
                .proxy(settings.getProxySelector());
        trust.ifPresent(context -> builder.sslContext(context.get()));
        return builder.build();
    }
}
