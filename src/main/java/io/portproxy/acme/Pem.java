package io.portproxy.acme;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468). */
final class Pem {
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final int LINE = 64;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private Pem() {}

    static String of(Identity identity) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder(block(PRIVATE, identity.key().getEncoded()));
        for (X509Certificate certificate : identity.chain()) {
            text.append(block(CERTIFICATE, certificate.getEncoded()));
        }
        return text.toString();
    }

    static String of(KeyPair key) {
        return block(PRIVATE, key.getPrivate().getEncoded())
                + block(PUBLIC, key.getPublic().getEncoded());
    }

    private static String block(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }

    /**
     * Reads text that {@link #of(Identity)} has written.
     *
     * @throws GeneralSecurityException it is other text, or is incomplete
     */
    static Identity identity(String text) throws GeneralSecurityException {
        List<byte[]> keys = blocks(text, PRIVATE);
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] certificate : blocks(text, CERTIFICATE)) {
            chain.add((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)));
        }
        if (keys.size() != 1 || chain.isEmpty()) {
            throw new GeneralSecurityException("it does not have one key and its certificates");
        }
        Identity identity =
                new Identity(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.get(0))), chain);
        if (!identity.fits()) {
            throw new GeneralSecurityException("its key is not that of its certificate");
        }
        return identity;
    }

    /**
     * Reads text that {@link #of(KeyPair)} has written.
     *
     * @throws GeneralSecurityException it is other text, or is incomplete
     */
    static KeyPair keyPair(String text) throws GeneralSecurityException {
        List<byte[]> privateKeys = blocks(text, PRIVATE);
        List<byte[]> publicKeys = blocks(text, PUBLIC);
        if (privateKeys.size() != 1 || publicKeys.size() != 1) {
            throw new GeneralSecurityException("it does not have one key");
        }
        KeyFactory factory = KeyFactory.getInstance("EC");
        PublicKey publicKey = factory.generatePublic(new X509EncodedKeySpec(publicKeys.get(0)));
        return new KeyPair(publicKey, factory.generatePrivate(new PKCS8EncodedKeySpec(privateKeys.get(0))));
    }

    private static List<byte[]> blocks(String text, String label) throws GeneralSecurityException {
        List<byte[]> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            if (block.group(1).equals(label)) {
                try {
                    found.add(Base64.getMimeDecoder().decode(block.group(2).getBytes(StandardCharsets.US_ASCII)));
                } catch (IllegalArgumentException e) {
                    throw new GeneralSecurityException("it is damaged", e);
                }
            }
        }
        return found;
    }
}
