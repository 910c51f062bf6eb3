package io.portproxy.config;

import io.portproxy.acme.AcmeCertificates;
import io.portproxy.acme.AcmeListener;
import io.portproxy.acme.CertificateView;
import io.portproxy.config.properties.AcmeProperties;
import io.portproxy.config.tls.AcmeBundles;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundleRegistry;

/** Puts new certificates into Spring Boot's bundles, and creates events of what happens to certificates. */
final class AcmeNews implements AcmeListener {
    private final AcmeProperties properties;
    private final SslBundleRegistry bundles;
    private final EventSink events;
    private volatile @Nullable AcmeCertificates certificates;

    AcmeNews(AcmeProperties properties, SslBundleRegistry bundles, EventSink events) {
        this.properties = properties;
        this.bundles = bundles;
        this.events = events;
    }

    /** Sets the certificates that this listener reads. Call this before they start. */
    void of(AcmeCertificates all) {
        certificates = all;
    }

    @Override
    public void issued(CertificateView certificate) {
        events.happened(Event.ofCertificate(
                Event.Type.CERTIFICATE_ISSUED,
                certificate.name() + ": valid until " + certificate.notAfter() + ", from "
                        + certificate.issuer().orElse("")));
        AcmeCertificates all = certificates;
        if (all != null) {
            all.identity(certificate.name())
                    .ifPresent(identity -> AcmeBundles.update(properties, certificate.name(), identity, bundles));
        }
    }

    @Override
    public void failed(CertificateView certificate) {
        events.happened(Event.ofCertificate(
                Event.Type.CERTIFICATE_FAILED,
                certificate.name() + ": " + certificate.lastFailure().orElse("")));
    }
}
