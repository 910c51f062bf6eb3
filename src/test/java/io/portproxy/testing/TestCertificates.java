package io.portproxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates that the JDK's {@code keytool} makes when a test first asks for one. {@link #CA} signs each certificate unless
 * its description says something else.
 */
public final class TestCertificates {
    /** The certificate authority. */
    public static final String CA = "ca";

    /** An authority of the same name as {@link #CA}, with another key. */
    public static final String FALSE_CA = "false-ca";

    /** For {@code localhost} and {@code 127.0.0.1}. */
    public static final String SERVER = "server";

    /** As {@link #SERVER}, with another key. */
    public static final String SERVER_2 = "server2";

    /** As {@link #SERVER}, with an RSA key. */
    public static final String SERVER_RSA = "server-rsa";

    /** As {@link #SERVER}, with an Ed25519 key. */
    public static final String SERVER_ED25519 = "server-ed25519";

    /** For {@code other.example} only. */
    public static final String OTHER = "other";

    /** For {@code a.example}, {@code b.example}, {@code *.dev.example} and {@code 127.0.0.1}, all in the subject alternative names only. */
    public static final String SITES = "sites";

    /** For {@code localhost}; expired in 2020. */
    public static final String EXPIRED = "expired";

    /** For {@code localhost}; becomes valid only years from now. */
    public static final String FUTURE = "future";

    /** For {@code localhost}; self-signed. */
    public static final String STRANGER = "stranger";

    /** For {@code localhost}; self-signed, and expired in 2020. */
    public static final String EXPIRED_STRANGER = "expired-stranger";

    /** A client with the common name {@code home}. */
    public static final String CLIENT = "home";

    /** A client with the common names {@code outer} and then {@code desk, 2}, and the DNS names {@code desk} and {@code desk.example}. */
    public static final String CLIENT_WITH_NAMES = "names";

    private static final char[] PASSWORD = "not a secret".toCharArray();
    private static final String LOCAL = "san=dns:localhost,ip:127.0.0.1";

    private static final ConcurrentHashMap<String, KeyStore> STORES = new ConcurrentHashMap<>();

    private TestCertificates() {}

    /**
     * Returns a TLS context.
     *
     * @param own the name of the key and certificate that it shows; empty for none
     * @param trusted the names of the certificates that it trusts
     */
    public static SSLContext context(String own, String... trusted) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own.isEmpty() ? empty() : store(own), PASSWORD);
            KeyStore anchors = empty();
            for (String name : trusted) {
                anchors.setCertificateEntry(name, certificate(name));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.length == 0 ? null : trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the certificate alone. */
    public static X509Certificate certificate(String name) {
        try {
            return (X509Certificate) store(name).getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the key that belongs to the certificate. */
    public static PrivateKey key(String name) {
        try {
            return (PrivateKey) store(name).getKey(name, PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store(String name) {
        KeyStore known = STORES.get(name);
        if (known == null) {
            synchronized (STORES) {
                known = STORES.computeIfAbsent(CA, TestCertificates::create);
                if (!name.equals(CA)) {
                    known = STORES.computeIfAbsent(name, TestCertificates::create);
                }
            }
        }
        return known;
    }

    private static KeyStore create(String name) {
        return switch (name) {
            case CA, FALSE_CA ->
                generate(name, "CN=test authority", false, "-ext", "bc:critical=ca:true", "-ext", "ku=keyCertSign");
            case SERVER, SERVER_2, SERVER_RSA, SERVER_ED25519 -> generate(name, "CN=localhost", true, "-ext", LOCAL);
            case OTHER -> generate(name, "CN=other.example", true, "-ext", "san=dns:other.example");
            case SITES ->
                generate(
                        name,
                        "CN=not.this.example",
                        true,
                        "-ext",
                        "san=dns:A.example,dns:b.example,dns:*.dev.example,ip:127.0.0.1");
            case EXPIRED -> generate(name, "CN=localhost", true, "-ext", LOCAL, "-startdate", "2020/01/01 00:00:00");
            case FUTURE -> generate(name, "CN=localhost", true, "-ext", LOCAL, "-startdate", "+5y");
            case STRANGER -> generate(name, "CN=localhost", false, "-ext", LOCAL);
            case EXPIRED_STRANGER ->
                generate(name, "CN=localhost", false, "-ext", LOCAL, "-startdate", "2020/01/01 00:00:00");
            case CLIENT -> generate(name, "CN=home", true);
            case CLIENT_WITH_NAMES ->
                generate(
                        name,
                        "CN=\"desk, 2\", OU=CN\\=wrong, CN=outer",
                        true,
                        "-ext",
                        "san=dns:desk,dns:desk.example,email:someone@example.com");
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static KeyStore generate(String name, String subject, boolean signed, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")); // for a short start
        QuickKeyStores.keytoolOptions().forEach(command::add);
        command.addAll(List.of("-genkeypair", "-alias", name, "-dname", subject, "-validity", "30"));
        command.addAll(keyOptions(name));
        command.addAll(List.of("-storepass", new String(PASSWORD)));
        command.addAll(List.of(more));
        try {
            Path file = Files.createTempFile("certificates", ".p12");
            try {
                Files.delete(file);
                if (signed) {
                    try (var out = Files.newOutputStream(file)) {
                        STORES.get(CA).store(out, PASSWORD);
                    }
                    command.addAll(List.of("-signer", CA));
                }
                command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12"));
                run(command);
                KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
                if (signed) {
                    store.deleteEntry(CA); // the entry that is shown is the one that the caller asked for
                }
                return store;
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> keyOptions(String name) {
        return switch (name) {
            case SERVER_RSA -> List.of("-keyalg", "RSA", "-keysize", "2048");
            case SERVER_ED25519 -> List.of("-keyalg", "Ed25519");
            default -> List.of("-keyalg", "EC", "-groupname", "secp256r1");
        };
    }

    private static void run(List<String> command) throws IOException {
        Path output = Files.createTempFile("keytool", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(() -> text(output)).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, java.nio.charset.Charset.defaultCharset());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
