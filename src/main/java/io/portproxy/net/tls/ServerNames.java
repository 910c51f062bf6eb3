package io.portproxy.net.tls;

import java.util.Optional;

/** Finds certificates by the name that a TLS client asks for. Any thread; does not block. */
@FunctionalInterface
public interface ServerNames {
    /**
     * Returns the certificate to show.
     *
     * @return empty if there is none for the name that the client asks for
     */
    Optional<ServerCertificate> find(ClientHello hello);
}
