package io.portproxy.net.tls;

import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The TLS settings of one side. The versions are 1.3 and 1.2. The default cipher suites are those with forward secrecy
 * and authenticated encryption (RFC 9325, section 4.2), with AES-128 first, which is the fastest.
 *
 * @param context called once for each connection, on a loop's thread, so that the next connection uses a reloaded
 *     certificate while existing connections stay; must not block
 * @param protocols the allowed versions, of {@code TLSv1.3} and {@code TLSv1.2}; empty for both
 * @param cipherSuites the suites to offer or accept, the most preferred first; empty for the default
 * @param clientCertificate on a server, whether clients must show a certificate; has no meaning on a client
 * @param applicationProtocols the protocols inside TLS (ALPN, RFC 7301), the most preferred first; a peer that offers
 *     only others is refused; empty if ALPN is not used
 */
public record TlsSettings(
        Supplier<SSLContext> context,
        List<String> protocols,
        List<String> cipherSuites,
        boolean clientCertificate,
        List<String> applicationProtocols) {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final String FASTEST = "TLS_AES_128_GCM_SHA256";

    /** Checks and copies the values. */
    public TlsSettings {
        protocols = protocols.isEmpty() ? PROTOCOLS : List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        applicationProtocols = List.copyOf(applicationProtocols);
        if (!PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("TLS versions can be " + PROTOCOLS + ", not " + protocols);
        }
    }

    /** Creates settings with both versions and the default suites. */
    public TlsSettings(Supplier<SSLContext> context, boolean clientCertificate) {
        this(context, List.of(), List.of(), clientCertificate);
    }

    /** Creates settings without ALPN. */
    public TlsSettings(
            Supplier<SSLContext> context,
            List<String> protocols,
            List<String> cipherSuites,
            boolean clientCertificate) {
        this(context, protocols, cipherSuites, clientCertificate, List.of());
    }

    /** Returns the same settings with other protocols inside TLS. */
    public TlsSettings speaking(List<String> others) {
        return new TlsSettings(context, protocols, cipherSuites, clientCertificate, others);
    }

    SSLEngine serverEngine(SSLContext current) {
        SSLEngine engine = current.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        parameters.setNeedClientAuth(clientCertificate);
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Creates an engine that sends the host's name (SNI, RFC 6066, section 3) and checks that the certificate is for
     * that name.
     */
    SSLEngine clientEngine(SSLContext current, String host, int port) {
        SSLEngine engine = current.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        // RFC 2818, section 3.1; without it, any name would be accepted.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        parameters.setCipherSuites(
                cipherSuites.isEmpty() ? defaultSuites(parameters) : cipherSuites.toArray(String[]::new));
        return parameters;
    }

    private static String[] defaultSuites(SSLParameters parameters) {
        String[] enabled = parameters.getCipherSuites();
        return List.of(enabled).stream()
                .filter(TlsSettings::isModern)
                // The sort is stable for the others.
                .sorted((a, b) -> Boolean.compare(b.equals(FASTEST), a.equals(FASTEST)))
                .toArray(String[]::new);
    }

    private static boolean isModern(String suite) {
        boolean forwardSecret = suite.startsWith("TLS_ECDHE_")
                || suite.startsWith("TLS_DHE_")
                || suite.startsWith("TLS_AES_")
                || suite.startsWith("TLS_CHACHA20_");
        return forwardSecret && (suite.contains("_GCM_") || suite.contains("_CHACHA20_"));
    }
}
