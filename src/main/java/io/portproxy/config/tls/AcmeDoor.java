package io.portproxy.config.tls;

import io.portproxy.acme.AcmeCertificates;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What asks for certificates is made before the one that has them: it asks here. Nothing is found until that is there. Any thread;
 * never blocks.
 */
public final class AcmeDoor {
    private volatile @Nullable AcmeCertificates certificates;

    /** From now on it is there. */
    public void open(AcmeCertificates there) {
        certificates = there;
    }

    /** The one that has them, if it is there. */
    public Optional<AcmeCertificates> certificates() {
        return Optional.ofNullable(certificates);
    }

    /** What to answer a request of the authority with, as {@link AcmeCertificates#httpChallenge} says. */
    public Optional<String> httpChallenge(String token) {
        return certificates().flatMap(there -> there.httpChallenge(token));
    }
}
