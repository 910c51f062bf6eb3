package io.portproxy.config.tls;

import io.portproxy.net.tls.CertificateTable;
import io.portproxy.net.tls.ClientHello;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.ServerNames;
import io.portproxy.net.tls.TlsSettings;
import java.util.List;
import java.util.Optional;

/** The newest certificates of several SSL bundles, chosen by the name that a client asks for. */
final class BundleCertificates implements ServerNames {
    /** The TLS settings of a bundle, and its contexts. */
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
