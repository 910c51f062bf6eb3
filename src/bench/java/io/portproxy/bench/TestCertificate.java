package io.portproxy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate for 127.0.0.1, made for this run.
 *
 * @param store the file in the format PKCS #12, with the password {@link #PASSWORD}
 * @param pem the file with both as text, the certificate before the key
 */
record TestCertificate(Path store, Path pem) {
    static final String PASSWORD = "not-a-secret";

    private static final String NAME = "bench";

    /** Returns the certificate of this run. Makes it at the first call. */
    static TestCertificate of(Lab lab) throws IOException, BenchException {
        TestCertificate certificate = new TestCertificate(lab.file(NAME + ".p12"), lab.file(NAME + ".pem"));
        if (lab.isFirst(NAME)) {
            certificate.make(lab);
        }
        return certificate;
    }

    private void make(Lab lab) throws IOException, BenchException {
        Files.deleteIfExists(store);
        lab.run(List.of(
                Programs.tool("keytool"),
                "-genkeypair",
                "-alias",
                NAME,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        Lab.keepSecret(store);
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            lab.write(
                    NAME + ".pem",
                    text("CERTIFICATE", keys.getCertificate(NAME).getEncoded())
                            + text(
                                    "PRIVATE KEY",
                                    keys.getKey(NAME, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new BenchException("cannot read the certificate that keytool made", e);
        }
    }

    private static String text(String what, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }
}
