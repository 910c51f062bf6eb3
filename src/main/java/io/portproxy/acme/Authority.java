package io.portproxy.acme;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A certificate authority. Blocks; for one thread. */
interface Authority {
    /**
     * What is asked for.
     *
     * @param name whom the certificate is for
     * @param key its key
     * @param preferred how to show that the name leads here; another of those configured if the authority does not offer it
     * @param replaces the certificate that the new one takes the place of
     */
    record Order(String name, KeyPair key, ChallengeType preferred, Optional<X509Certificate> replaces) {}

    /**
     * When the authority wants a certificate to be renewed (RFC 9773, section 4.2).
     *
     * @param from not before
     * @param until not after
     * @param askAgain when to ask again; empty if it did not say
     */
    record Advice(Instant from, Instant until, Optional<Instant> askAgain) {}

    /**
     * Gets a certificate.
     *
     * @return it, and behind it those that vouch for it
     * @throws AcmeFailure there is none
     * @throws InterruptedException this thread is to end
     */
    List<X509Certificate> issue(Order order) throws AcmeFailure, InterruptedException;

    /**
     * Asks when to renew.
     *
     * @return empty if this authority does not say
     * @throws AcmeFailure it could not be asked
     */
    Optional<Advice> advice(X509Certificate certificate) throws AcmeFailure;
}
