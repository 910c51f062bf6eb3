package io.portproxy.net.tls;

import io.portproxy.net.NumericAddress;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * A certificate that a server shows.
 *
 * @param tls how TLS is done with it
 * @param names the names that it is for, in lower case: {@code app.example.com}, {@code *.example.com} for each name with one
 *     more label (RFC 6125, section 6.4.3), an address as {@link InetAddress#getHostAddress} writes it
 */
public record ServerCertificate(TlsSettings tls, Set<String> names) {
    public ServerCertificate {
        names = Set.copyOf(names);
    }

    /**
     * Whether it is for a host.
     *
     * @param host in lower case, without a dot at its end, an address of version 6 in brackets
     */
    public boolean covers(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            return NumericAddress.parse(host.substring(1, host.length() - 1))
                    .filter(address -> names.contains(address.getHostAddress()))
                    .isPresent();
        }
        return names.contains(host) || names.contains(wildcard(host));
    }

    /** The names that a certificate is for: those among its alternative names, or where there are none its common name. */
    public static Set<String> namesOf(X509Certificate certificate) {
        return CertificateNames.hosts(certificate);
    }

    /** The pattern that is for a name as well: {@code *.example.com} for {@code app.example.com}. */
    static String wildcard(String name) {
        return "*" + name.substring(Math.max(0, name.indexOf('.')));
    }
}
