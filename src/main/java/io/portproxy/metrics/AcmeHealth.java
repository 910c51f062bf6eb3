package io.portproxy.metrics;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.acme.CertificateView;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of certificates by ACME. It is always up: servers continue with the current certificates, and a restart would not get new
 * ones. The details show how many names have a certificate, and which names fail and why.
 */
public final class AcmeHealth implements HealthIndicator {
    private final AcmeCertificates certificates;

    public AcmeHealth(AcmeCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public Health health() {
        Map<String, String> failing = new TreeMap<>();
        int certified = 0;
        for (CertificateView view : certificates.views()) {
            certified += view.issuer().isPresent() ? 1 : 0;
            view.lastFailure().ifPresent(why -> failing.put(view.name(), why));
        }
        Health.Builder health = Health.up().withDetail("certified", certified);
        if (!failing.isEmpty()) {
            health.withDetail("failing", failing);
        }
        if (!certificates.omitted().isEmpty()) {
            health.withDetail("omitted", certificates.omitted());
        }
        return health.build();
    }
}
