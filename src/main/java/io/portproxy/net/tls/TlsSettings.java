package io.portproxy.net.tls;

import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How one side does TLS. Versions are 1.3 and 1.2; the cipher suites, unless named, those with forward secrecy and
 * authenticated encryption (RFC 9325, section 4.2), AES-128 first, which is the fastest.
 *
 * @param context asked once for each connection, on a loop's thread, so that a reloaded certificate is used by the next
 *     one while those that are up stay; it must not block
 * @param protocols the versions to speak, of {@code TLSv1.3} and {@code TLSv1.2}; empty for both
 * @param cipherSuites the suites to offer or accept, most wanted first; empty for the default
 * @param clientCertificate on a server, whether clients must show a certificate; on a client without meaning
 * @param applicationProtocols what is spoken inside TLS (ALPN, RFC 7301), most wanted first; a peer that offers only others is
 *     refused; empty if this is not asked
 */
public record TlsSettings(
        Supplier<SSLContext> context,
        List<String> protocols,
        List<String> cipherSuites,
        boolean clientCertificate,
        List<String> applicationProtocols) {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final String FASTEST = "TLS_AES_128_GCM_SHA256";

    /** Checks and copies. */
    public TlsSettings {
        protocols = protocols.isEmpty() ? PROTOCOLS : List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        applicationProtocols = List.copyOf(applicationProtocols);
        if (!PROTOCOLS.containsAll(protocols)) {
            throw new IllegalArgumentException("TLS versions can be " + PROTOCOLS + ", not " + protocols);
        }
    }

    /** Both versions, the default suites. */
    public TlsSettings(Supplier<SSLContext> context, boolean clientCertificate) {
        this(context, List.of(), List.of(), clientCertificate);
    }

    /** What is spoken inside TLS is not asked. */
    public TlsSettings(
            Supplier<SSLContext> context,
            List<String> protocols,
            List<String> cipherSuites,
            boolean clientCertificate) {
        this(context, protocols, cipherSuites, clientCertificate, List.of());
    }

    /** The same, for other protocols inside TLS. */
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

    /** An engine that sends the host's name (SNI, RFC 6066, section 3) and checks that the certificate is for it. */
    SSLEngine clientEngine(SSLContext current, String host, int port) {
        SSLEngine engine = current.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818, section 3.1; without it any name would do
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
                .sorted((a, b) -> Boolean.compare(b.equals(FASTEST), a.equals(FASTEST))) // stable for the others
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
