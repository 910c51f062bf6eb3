package io.portproxy.acme;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of the certificate of one name.
 *
 * @param name the name that the certificate is for
 * @param state the current state
 * @param issuer the issuer of the certificate in use; empty if it is self-signed
 * @param notBefore when the certificate in use becomes valid
 * @param notAfter when the certificate in use expires
 * @param nextAttempt when the next certificate will be ordered
 * @param lastFailure why there is no newer certificate; empty if nothing has failed since the last success
 * @param failures the number of failed attempts in a row
 */
public record CertificateView(
        String name,
        State state,
        Optional<String> issuer,
        Instant notBefore,
        Instant notAfter,
        Optional<Instant> nextAttempt,
        Optional<String> lastFailure,
        int failures) {
    /** The state of a name. */
    public enum State {
        /** There is no certificate yet. It will be ordered. */
        WANTED,
        /** A certificate is being ordered. */
        ORDERING,
        /** A certificate is in use. */
        VALID,
        /** The last attempt failed. An earlier certificate stays in use. */
        FAILING;

        /** Returns the name in the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
