package io.portproxy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/** SSL bundles in files, with the keys and certificates of {@link TestCertificates}. */
public final class PemFiles {
    private PemFiles() {}

    /**
     * Writes the files of a bundle.
     *
     * @param own the name of the key and certificate; empty for none
     * @param trusted the name of the trusted certificate; empty for none
     * @return the YAML of the bundle, which reloads on changes
     */
    public static String bundle(Path folder, String name, String own, String trusted) throws IOException {
        write(folder, name, own, trusted);
        StringBuilder yaml = new StringBuilder("spring.ssl.bundle.pem." + name + ":\n  reload-on-update: true\n");
        if (!own.isEmpty()) {
            yaml.append("  keystore: {certificate: '").append(file(folder, name, "crt"));
            yaml.append("', private-key: '").append(file(folder, name, "key")).append("'}\n");
        }
        if (!trusted.isEmpty()) {
            yaml.append("  truststore: {certificate: '")
                    .append(file(folder, name, "ca"))
                    .append("'}\n");
        }
        return yaml.toString();
    }

    /** Writes the files of a bundle again. */
    public static void write(Path folder, String name, String own, String trusted) throws IOException {
        try {
            if (!own.isEmpty()) {
                write(
                        folder,
                        name,
                        "crt",
                        "CERTIFICATE",
                        TestCertificates.certificate(own).getEncoded());
                write(
                        folder,
                        name,
                        "key",
                        "PRIVATE KEY",
                        TestCertificates.key(own).getEncoded());
            }
            if (!trusted.isEmpty()) {
                write(
                        folder,
                        name,
                        "ca",
                        "CERTIFICATE",
                        TestCertificates.certificate(trusted).getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path folder, String name, String extension, String type, byte[] bytes)
            throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Path whole = Files.writeString(
                folder.resolve("whole"),
                "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n",
                StandardCharsets.US_ASCII);
        // The file is replaced in one step, as a good renewal does it: a reader finds the old file or the new one.
        Files.move(
                whole,
                file(folder, name, extension),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(Path folder, String name, String extension) {
        return folder.resolve(name + "." + extension);
    }
}
