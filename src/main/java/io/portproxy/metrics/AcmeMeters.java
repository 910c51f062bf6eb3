package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.acme.AcmeCertificates;
import io.portproxy.acme.CertificateView;
import java.time.Duration;
import java.time.Instant;

/** The meters of certificates by ACME. There are at most as many names as {@code portproxy.acme.max-names} allows. */
public final class AcmeMeters implements MeterBinder {
    private final AcmeCertificates certificates;

    /** @param series receives the metrics of each name */
    public AcmeMeters(Series series, AcmeCertificates certificates) {
        this.certificates = certificates;
        series.add(samples -> {
            for (CertificateView view : certificates.views()) {
                samples.with("name", view.name())
                        .gauge(
                                "portproxy_acme_certificate_expiry_seconds",
                                "Seconds until the certificate ends; 0 while it is signed by itself",
                                view.issuer().isEmpty()
                                        ? 0
                                        : Duration.between(Instant.now(), view.notAfter())
                                                .toSeconds());
            }
        });
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, certificates, Tags.empty());
        meters.counter("portproxy.acme.issued", "Certificates that were issued", certificates::issued);
        meters.counter(
                "portproxy.acme.failures", "Attempts to get a certificate that have failed", certificates::failed);
        meters.gauge(
                "portproxy.acme.last.success.seconds",
                "When the last certificate was issued, in seconds since 1970; 0 before the first one",
                () -> certificates.lastIssued().map(Instant::getEpochSecond).orElse(0L));
        meters.gauge(
                "portproxy.acme.omitted",
                "Names that get no certificate, as there are too many",
                () -> certificates.omitted().size());
    }
}
