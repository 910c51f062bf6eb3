package io.portproxy.acme;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How it stands with the certificate of one name.
 *
 * @param name whom it is for
 * @param state what is being done
 * @param issuer who has issued the one in use; empty while it is signed by itself
 * @param notBefore from when on that is valid
 * @param notAfter until when that is valid
 * @param nextAttempt when the next one is going to be ordered
 * @param lastFailure why there is no newer one, and since when; empty if nothing has failed since the last success
 * @param failures attempts in a row that have failed
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
    /** What is being done. */
    public enum State {
        /** There is none yet, and its turn comes. */
        WANTED,
        /** It is being ordered. */
        ORDERING,
        /** It is in use. */
        VALID,
        /** The last attempt has failed; one that there was is still in use. */
        FAILING;

        /** The name in the API. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
