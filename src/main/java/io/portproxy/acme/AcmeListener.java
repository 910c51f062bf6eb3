package io.portproxy.acme;

/** Receives news of certificates. Is called on the thread that orders them. */
public interface AcmeListener {
    /** Is called when a new certificate was issued. It is in use from now on. */
    void issued(CertificateView certificate);

    /** Is called when an attempt failed. The current certificate stays in use. */
    void failed(CertificateView certificate);
}
