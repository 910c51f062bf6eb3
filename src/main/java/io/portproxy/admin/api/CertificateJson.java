package io.portproxy.admin.api;

import io.portproxy.acme.CertificateView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.info.SslInfo;

/**
 * A certificate that this process serves, or that it has to order.
 *
 * @param name the host that it is for, if ACME issues it; otherwise the name of its SSL bundle
 * @param source where it comes from: {@code acme} or {@code bundle}
 * @param state {@code valid}, or {@code ended}: it has expired. With ACME also {@code wanted}: there is none yet,
 *     {@code ordering}: one is being ordered, or {@code failing}: the last attempt to get one failed
 * @param selfSigned whether it is self-signed, and in use until ACME issues the first one
 * @param issuer who issued it; null while it is self-signed
 * @param notBefore when its validity begins
 * @param notAfter when its validity ends
 * @param nextAttempt when the next one will be ordered, only with ACME
 * @param failures how many attempts in a row have failed, only with ACME
 * @param lastFailure why the last attempt failed; null if it did not
 */
@Schema(name = "Certificate")
record CertificateJson(
        String name,
        String source,
        String state,
        boolean selfSigned,
        Optional<String> issuer,
        Instant notBefore,
        Instant notAfter,
        Optional<Instant> nextAttempt,
        int failures,
        Optional<String> lastFailure) {
    private static final String VALID = "valid";
    private static final String ENDED = "ended";

    static final List<String> SOURCES = List.of("acme", "bundle");
    static final List<String> STATES = List.of(VALID, ENDED, "wanted", "ordering", "failing");

    static CertificateJson of(CertificateView view, Instant now) {
        boolean ended = view.state() == CertificateView.State.VALID && now.isAfter(view.notAfter());
        return new CertificateJson(
                view.name(),
                "acme",
                ended ? ENDED : view.state().key(),
                view.issuer().isEmpty(),
                view.issuer(),
                view.notBefore(),
                view.notAfter(),
                view.nextAttempt(),
                view.failures(),
                view.lastFailure());
    }

    static Optional<CertificateJson> of(String bundle, SslInfo.CertificateInfo certificate, Instant now) {
        Instant from = certificate.getValidityStarts();
        Instant until = certificate.getValidityEnds();
        if (from == null || until == null) {
            return Optional.empty();
        }
        return Optional.of(new CertificateJson(
                bundle,
                "bundle",
                now.isAfter(until) ? ENDED : VALID,
                false,
                Optional.ofNullable(certificate.getIssuer()),
                from,
                until,
                Optional.empty(),
                0,
                Optional.empty()));
    }
}
