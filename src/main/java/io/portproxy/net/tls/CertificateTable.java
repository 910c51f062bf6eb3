package io.portproxy.net.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Certificates by the name that a TLS client asks for. A certificate for the exact name comes before one with an
 * asterisk. A client that asks for no name gets the first certificate. The table never changes. The time of a look-up
 * does not depend on the number of certificates.
 */
public final class CertificateTable implements ServerNames {
    private final Optional<ServerCertificate> first;
    private final Map<String, ServerCertificate> byName = new HashMap<>();

    /**
     * @param certificates if two are for the same name, the first one is used
     */
    public CertificateTable(List<ServerCertificate> certificates) {
        first = certificates.stream().findFirst();
        for (ServerCertificate certificate : certificates) {
            certificate.names().forEach(name -> byName.putIfAbsent(name, certificate));
        }
    }

    @Override
    public Optional<ServerCertificate> find(ClientHello hello) {
        if (hello.serverName().isEmpty()) {
            return first;
        }
        String name = hello.serverName().get().toLowerCase(Locale.ROOT);
        ServerCertificate found = byName.get(name);
        return Optional.ofNullable(found == null ? byName.get(ServerCertificate.wildcard(name)) : found);
    }
}
