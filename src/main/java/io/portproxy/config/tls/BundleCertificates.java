package io.portproxy.config.tls;

import io.portproxy.net.tls.CertificateTable;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import java.util.List;
import java.util.Optional;

/** The newest certificates of SSL bundles, by their names. */
final class BundleCertificates implements ServerNames {
    /** How TLS is done with a bundle, and its contexts. */
    record Bundle(TlsSettings settings, SslContexts contexts) {}

    private final List<Bundle> bundles;
    private volatile CertificateTable table;

    BundleCertificates(List<Bundle> bundles) {
        this.bundles = List.copyOf(bundles);
        this.table = newest();
        bundles.forEach(bundle -> bundle.contexts().whenReloaded(() -> table = newest()));
    }

    private CertificateTable newest() {
        return new CertificateTable(bundles.stream()
                .map(bundle -> new ServerCertificate(
                        bundle.settings(), bundle.contexts().names()))
                .toList());
    }

    @Override
    public Optional<ServerCertificate> find(ClientHello hello) {
        return table.find(hello);
    }
}
