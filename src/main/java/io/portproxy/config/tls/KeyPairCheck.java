package io.portproxy.config.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Finds a private key that does not belong to its certificate. This happens if one of two files has been replaced and the other
 * one has not. Every handshake with such a pair would fail.
 */
final class KeyPairCheck {
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");
    private static final byte[] SAMPLE = "portproxy".getBytes(StandardCharsets.US_ASCII);

    private KeyPairCheck() {}

    /**
     * Checks all keys.
     *
     * @throws IllegalStateException a key does not belong to its certificate
     */
    static void check(X509KeyManager keys) {
        for (String type : KEY_TYPES) {
            String[] aliases = keys.getServerAliases(type, null);
            for (String alias : aliases == null ? new String[0] : aliases) {
                check(keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0]);
            }
        }
    }

    private static void check(PrivateKey key, X509Certificate certificate) {
        try {
            Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            PublicKey expected = certificate.getPublicKey();
            signature.initVerify(expected);
            signature.update(SAMPLE);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw unfit(certificate, e);
        }
        throw unfit(certificate, null);
    }

    private static IllegalStateException unfit(X509Certificate certificate, @Nullable GeneralSecurityException cause) {
        String subject = certificate.getSubjectX500Principal().getName();
        return new IllegalStateException("the private key is not that of the certificate of " + subject, cause);
    }

    private static String algorithm(String key) {
        return switch (key) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key; // EdDSA
        };
    }
}
