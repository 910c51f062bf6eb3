package io.portproxy.net.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Reads the names that a certificate contains for its owner. */
final class CertificateNames {
    private static final int DNS_NAME = 2; // RFC 5280, section 4.2.1.6
    private static final int IP_ADDRESS = 7;

    private CertificateNames() {}

    /**
     * Returns the most specific common name of the subject and the DNS names among the alternative names, unchanged.
     */
    static Set<String> of(X509Certificate certificate) {
        try {
            Set<String> names = alternatives(certificate, Set.of(DNS_NAME));
            commonName(certificate.getSubjectX500Principal()).ifPresent(names::add);
            return Set.copyOf(names);
        } catch (CertificateParsingException e) {
            return Set.of(); // a malformed certificate has no names
        }
    }

    /**
     * Returns the hosts in the form of {@link ServerCertificate}. The common name counts only if there is no
     * alternative name, as in old certificates.
     */
    static Set<String> hosts(X509Certificate certificate) {
        try {
            Set<String> names = alternatives(certificate, Set.of(DNS_NAME, IP_ADDRESS));
            if (names.isEmpty()) {
                commonName(certificate.getSubjectX500Principal()).ifPresent(names::add);
            }
            return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        } catch (CertificateParsingException e) {
            return Set.of();
        }
    }

    private static Set<String> alternatives(X509Certificate certificate, Set<Integer> kinds)
            throws CertificateParsingException {
        Set<String> names = new LinkedHashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0) instanceof Integer kind && kinds.contains(kind)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        }
        return names;
    }

    /**
     * Returns the most specific common name. Returns empty if there is none, if it is not a text, or if one place has
     * two, which X.501 (9.3) forbids.
     */
    static Optional<String> commonName(X500Principal subject) {
        try {
            List<Rdn> fromTheOutermost = new LdapName(subject.getName(X500Principal.RFC2253)).getRdns();
            for (int i = fromTheOutermost.size() - 1; i >= 0; i--) {
                Attribute commonName = fromTheOutermost.get(i).toAttributes().get("CN");
                if (commonName != null) {
                    return commonName.size() == 1 && commonName.get() instanceof String text
                            ? Optional.of(text)
                            : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty(); // it cannot be expressed in RFC 2253's form
        } catch (NamingException e) {
            throw new IllegalStateException("a value that is in memory cannot be had", e);
        }
    }
}
