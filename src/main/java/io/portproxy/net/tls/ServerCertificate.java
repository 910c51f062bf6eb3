package io.portproxy.net.tls;

import io.portproxy.net.NumericAddress;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * A certificate that a server shows.
 *
 * @param tls the TLS settings for this certificate
 * @param names the names that it is for, in lower case: {@code app.example.com}, {@code *.example.com} for each name
 *     with one more label (RFC 6125, section 6.4.3), or an address as {@link InetAddress#getHostAddress} writes it
 */
public record ServerCertificate(TlsSettings tls, Set<String> names) {
    public ServerCertificate {
        names = Set.copyOf(names);
    }

    /**
     * Returns whether the certificate is for a host.
     *
     * @param host the host in lower case, without a dot at its end; an IPv6 address in brackets
     */
    public boolean covers(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return NumericAddress.parse(host.substring(1, host.length() - 1))
                    .filter(address -> names.contains(address.getHostAddress()))
                    .isPresent();
        }
        return names.contains(host) || names.contains(wildcard(host));
    }

    /** Returns the names that a certificate is for: its alternative names, or its common name if there are none. */
    public static Set<String> namesOf(X509Certificate certificate) {
        return CertificateNames.hosts(certificate);
    }

    /** Returns the pattern that also matches a name: {@code *.example.com} for {@code app.example.com}. */
    static String wildcard(String name) {
        return "*" + name.substring(Math.max(0, name.indexOf('.')));
    }
}
