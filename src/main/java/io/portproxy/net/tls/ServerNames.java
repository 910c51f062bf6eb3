package io.portproxy.net.tls;

import java.util.Optional;

/** Certificates, by the name that a TLS client asks for. Any thread; does not block. */
@FunctionalInterface
public interface ServerNames {
    /**
     * The certificate to show.
     *
     * @return empty: there is none for the name that the client asks for
     */
    Optional<ServerCertificate> find(ClientHello hello);
}
