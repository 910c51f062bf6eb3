package io.portproxy.acme;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A certificate authority. Its methods block. For one thread. */
interface Authority {
    /**
     * An order for a certificate.
     *
     * @param name the name that the certificate is for
     * @param key the key of the certificate
     * @param preferred the challenge to use; if the authority does not offer it, another configured one is used
     * @param replaces the certificate that the new one replaces
     */
    record Order(String name, KeyPair key, ChallengeType preferred, Optional<X509Certificate> replaces) {}

    /**
     * The period in which the authority wants a certificate to be renewed (RFC 9773, section 4.2).
     *
     * @param from the beginning of the period
     * @param until the end of the period
     * @param askAgain when to ask again; empty if the authority does not say
     */
    record Advice(Instant from, Instant until, Optional<Instant> askAgain) {}

    /**
     * Gets a certificate.
     *
     * @return the certificate, followed by the certificates of its issuers
     * @throws AcmeFailure no certificate was issued
     * @throws InterruptedException this thread was interrupted and must end
     */
    List<X509Certificate> issue(Order order) throws AcmeFailure, InterruptedException;

    /**
     * Asks when to renew a certificate.
     *
     * @return empty if this authority does not say
     * @throws AcmeFailure the authority could not be asked
     */
    Optional<Advice> advice(X509Certificate certificate) throws AcmeFailure;
}
