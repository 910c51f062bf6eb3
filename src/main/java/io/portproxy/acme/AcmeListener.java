package io.portproxy.acme;

/** Is told of certificates, on the thread that orders them. */
public interface AcmeListener {
    /** There is a new one, which is in use from now on. */
    void issued(CertificateView certificate);

    /** An attempt has failed; what there was stays in use. */
    void failed(CertificateView certificate);
}
