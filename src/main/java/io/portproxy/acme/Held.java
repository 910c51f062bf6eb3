package io.portproxy.acme;

import io.portproxy.acme.CertificateView.State;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The certificate in use for one name, and the state of its renewal.
 *
 * @param identity the key and the certificates in use
 * @param context the same, as a context for TLS
 * @param certified whether an authority issued the certificate; if not, it is self-signed
 * @param ordering whether a new certificate is being ordered now
 * @param failures the number of failed attempts in a row
 * @param next when to order the next certificate
 * @param ask when to ask the authority whether {@code next} is the right time
 * @param lastFailure the reason of the last failure; empty if nothing has failed since the last success
 */
record Held(
        Identity identity,
        SSLContext context,
        boolean certified,
        boolean ordering,
        int failures,
        Instant next,
        Instant ask,
        Optional<String> lastFailure) {

    static Held of(Identity identity, boolean certified, Instant next, Instant ask) {
        return new Held(identity, identity.context(), certified, false, 0, next, ask, Optional.empty());
    }

    Held beingOrdered(boolean now) {
        return new Held(identity, context, certified, now, failures, next, ask, lastFailure);
    }

    Held after(AcmeFolder.Attempts attempts) {
        return new Held(identity, context, certified, false, attempts.failures(), attempts.next(), ask, lastFailure);
    }

    Held failed(int times, Instant nextAttempt, String why) {
        return new Held(identity, context, certified, false, times, nextAttempt, ask, Optional.of(why));
    }

    Held advised(Instant renewal, Instant askAgain) {
        return new Held(identity, context, certified, ordering, failures, renewal, askAgain, lastFailure);
    }

    /** Returns whether an attempt has failed since the last certificate. */
    boolean isFailing() {
        return lastFailure.isPresent() || failures > 0;
    }

    CertificateView view(String name) {
        X509Certificate certificate = identity.certificate();
        State idle = isFailing() ? State.FAILING : certified ? State.VALID : State.WANTED;
        return new CertificateView(
                name,
                ordering ? State.ORDERING : idle,
                certified ? Optional.of(certificate.getIssuerX500Principal().getName()) : Optional.empty(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                ordering ? Optional.empty() : Optional.of(next),
                lastFailure,
                failures);
    }
}
