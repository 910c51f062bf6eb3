package io.portproxy.config.tls;

import io.portproxy.config.problem.Remark;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** Finds certificates that have expired, are not valid yet, or will expire soon. */
public final class CertificateDates {
    /**
     * The property for the time before the end of a certificate in which it is worth a remark. Spring Boot's health indicator
     * uses it as well.
     */
    private static final String SOON_PROPERTY = "management.health.ssl.certificate-validity-warning-threshold";

    static final Duration SOON = Duration.ofDays(14);

    private final Instant now;
    private final Duration soon;

    /** Returns the time before the end of a certificate in which it is worth a remark. Default: 14 days. */
    public static Duration soon(Environment environment) {
        return Binder.get(environment).bind(SOON_PROPERTY, Duration.class).orElse(SOON);
    }

    /** @param soon the time before the end of a certificate in which it is worth a remark */
    CertificateDates(Instant now, Duration soon) {
        this.now = now;
        this.soon = soon;
    }

    /** Returns remarks about a bundle's own certificates and those that it trusts. */
    List<Remark> remarks(String name, SslBundle bundle) {
        List<Remark> remarks = new ArrayList<>();
        for (X509Certificate own : certificates(bundle.getStores().getKeyStore(), true)) {
            remark(own, name, "the certificate", "peers that check it refuse the connection; renew it")
                    .ifPresent(remarks::add);
        }
        for (X509Certificate trusted : certificates(bundle.getStores().getTrustStore(), false)) {
            remark(
                            trusted,
                            name,
                            "the trusted certificate",
                            "certificates that it has signed are refused; replace it with its successor")
                    .ifPresent(remarks::add);
        }
        return remarks;
    }

    private Optional<Remark> remark(X509Certificate certificate, String bundle, String kind, String what) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String which = kind + " " + certificate.getSubjectX500Principal().getName() + " of SSL bundle " + bundle;
        if (now.isBefore(from)) {
            return Optional.of(new Remark(
                    true,
                    which + " is valid only from " + from + " on: look at this machine's clock, which says "
                            + day(now)));
        } else if (now.isAfter(until)) {
            return Optional.of(new Remark(true, which + " has ended, on " + until + ": " + what));
        } else if (now.plus(soon).isAfter(until)) {
            long days = Duration.between(now, until).toDays();
            return Optional.of(new Remark(
                    false,
                    which + " ends " + (days == 0 ? "within a day" : "in " + days + (days == 1 ? " day" : " days"))
                            + ", on " + until + ": then " + what));
        }
        return Optional.empty();
    }

    private static String day(Instant instant) {
        return instant.toString().substring(0, "2026-01-01".length());
    }

    private static List<X509Certificate> certificates(@Nullable KeyStore store, boolean own) {
        if (store == null) {
            return List.of();
        }
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                Stream<Certificate> all = own && store.isKeyEntry(alias)
                        ? Arrays.stream(store.getCertificateChain(alias))
                        : Stream.ofNullable(own ? null : store.getCertificate(alias));
                all.filter(X509Certificate.class::isInstance)
                        .map(X509Certificate.class::cast)
                        .forEach(found::add);
            }
        } catch (KeyStoreException e) {
            throw new IllegalStateException(e); // cannot happen: Spring Boot has loaded the store
        }
        return found;
    }
}
