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
 * The SSL bundles of this process, prepared for TLS. Returns the same object for the same bundles each time, so that settings
 * with the same bundles are equal. Any thread.
 */
public final class TlsBundles {
    private final Supplier<SslBundles> bundles;
    private final Map<String, SslContexts> contextsByName = new HashMap<>();
    private final Map<List<BundleCertificates.Bundle>, ServerNames> certificates = new HashMap<>();

    /** @param bundles asked only if something names a bundle; fails if Spring Boot cannot load one */
    public TlsBundles(Supplier<SslBundles> bundles) {
        this.bundles = bundles;
    }

    /** Returns the names of all bundles. */
    public List<String> names() {
        return bundles.get().getBundleNames();
    }

    SslBundle find(String name) {
        return bundles.get().getBundle(name);
    }

    /** Returns whether {@link #contexts} was called for this bundle. */
    synchronized boolean isUsed(String name) {
        return contextsByName.containsKey(name);
    }

    /**
     * Returns the contexts of one bundle.
     *
     * @throws RuntimeException the bundle's keys or certificates cannot be used
     */
    synchronized SslContexts contexts(String name) {
        return contextsByName.computeIfAbsent(name, key -> new SslContexts(key, bundles.get()));
    }

    /**
     * Returns the certificates of several bundles, chosen by name.
     *
     * @param all the bundles with their TLS settings; the first is for clients that ask for no name
     */
    synchronized ServerNames certificates(List<BundleCertificates.Bundle> all) {
        return certificates.computeIfAbsent(List.copyOf(all), BundleCertificates::new);
    }

    /** Returns a bundle together with the TLS settings of a gateway. */
    BundleCertificates.Bundle bundle(String name, TlsSettings settings) {
        return new BundleCertificates.Bundle(settings, contexts(name));
    }
}
