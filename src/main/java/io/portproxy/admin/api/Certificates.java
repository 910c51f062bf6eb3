package io.portproxy.admin.api;

import io.portproxy.acme.AcmeCertificates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.SslInfo;
import org.springframework.stereotype.Component;

/** The certificates of this process, and the warnings about them. Any thread. */
@Component
final class Certificates {
    /** How long before its end a certificate causes a warning: long enough to get another one, also over a holiday. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final String OF_ACME = "acme";

    private final Optional<AcmeCertificates> acme;
    private final ObjectProvider<SslInfo> bundles;

    Certificates(Optional<AcmeCertificates> acme, ObjectProvider<SslInfo> bundles) {
        this.acme = acme;
        this.bundles = bundles;
    }

    /** Returns the certificates of ACME, sorted by name, and then the first of each chain of SSL bundles. */
    List<CertificateJson> all() {
        Instant now = Instant.now();
        return Stream.concat(
                        ofAcme(now),
                        ofFiles()
                                .flatMap(bundle -> bundle.getCertificateChains().stream()
                                        .flatMap(chain ->
                                                chain.getCertificates().stream().limit(1))
                                        .flatMap(certificate ->
                                                CertificateJson.of(bundle.getName(), certificate, now).stream())))
                .toList();
    }

    private Stream<CertificateJson> ofAcme(Instant now) {
        return acme.stream().flatMap(there -> there.views().stream()).map(view -> CertificateJson.of(view, now));
    }

    private Stream<SslInfo.BundleInfo> ofFiles() {
        return bundles.stream()
                .flatMap(info -> info.getBundles().stream())
                .filter(bundle -> acme.isEmpty()
                        || !(bundle.getName().equals(OF_ACME)
                                || bundle.getName().startsWith(OF_ACME + ":")));
    }

    Stream<ProcessJson.Warning> warnings(Instant now) {
        return Stream.concat(
                        ofAcme(now).flatMap(certificate -> warning(certificate, now).stream()),
                        ofFiles()
                                .flatMap(bundle -> bundle.getCertificateChains().stream()
                                        .flatMap(chain -> chain.getCertificates().stream())
                                        .flatMap(certificate -> ending(bundle.getName(), certificate, now).stream())))
                .map(text -> new ProcessJson.Warning("certificate", text));
    }

    private static Optional<String> warning(CertificateJson certificate, Instant now) {
        String why = certificate.lastFailure().map(failure -> ": " + failure).orElse("");
        if (certificate.selfSigned()) {
            return certificate.lastFailure().isPresent()
                    ? Optional.of(certificate.name()
                            + " is served with a self-signed certificate, because no certificate could be obtained"
                            + why)
                    : Optional.empty();
        }
        return certificate.notAfter().isAfter(now.plus(SOON))
                        || certificate.lastFailure().isEmpty()
                ? Optional.empty()
                : Optional.of("the certificate of " + certificate.name() + ends(certificate.notAfter(), now)
                        + ", and cannot be renewed" + why);
    }

    private static Optional<String> ending(String bundle, SslInfo.CertificateInfo certificate, Instant now) {
        Instant end = certificate.getValidityEnds();
        if (end == null || end.isAfter(now.plus(SOON))) {
            return Optional.empty();
        }
        return Optional.of("the certificate of " + certificate.getSubject() + " in SSL bundle " + bundle
                + ends(end, now) + ": renew it");
    }

    private static String ends(Instant end, Instant now) {
        return (end.isAfter(now) ? " ends on " : " has ended on ") + end;
    }
}
