package io.portproxy.config.tls;

import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles of this process as TLS uses them. What was made of a bundle once is handed out again, so that settings that name
 * the same bundles are equal. Any thread.
 */
public final class TlsBundles {
    private final Supplier<SslBundles> bundles;
    private final Map<String, SslContexts> contextsByName = new HashMap<>();
    private final Map<List<BundleCertificates.Bundle>, ServerNames> certificates = new HashMap<>();

    /** @param bundles asked only when something names a bundle; fails when Spring Boot cannot load one */
    public TlsBundles(Supplier<SslBundles> bundles) {
        this.bundles = bundles;
    }

    /** The names of all that there are. */
    public List<String> names() {
        return bundles.get().getBundleNames();
    }

    SslBundle find(String name) {
        return bundles.get().getBundle(name);
    }

    /** Whether somebody has asked for its contexts. */
    synchronized boolean isUsed(String name) {
        return contextsByName.containsKey(name);
    }

    /**
     * The contexts of one.
     *
     * @throws RuntimeException its keys or certificates cannot be used
     */
    synchronized SslContexts contexts(String name) {
        return contextsByName.computeIfAbsent(name, key -> new SslContexts(key, bundles.get()));
    }

    /**
     * The certificates of several, chosen by name.
     *
     * @param all how TLS is done with each of them; the first is for who asks for no name
     */
    synchronized ServerNames certificates(List<BundleCertificates.Bundle> all) {
        return certificates.computeIfAbsent(List.copyOf(all), BundleCertificates::new);
    }

    /** How a gateway does TLS with one. */
    BundleCertificates.Bundle bundle(String name, TlsSettings settings) {
        return new BundleCertificates.Bundle(settings, contexts(name));
    }
}
