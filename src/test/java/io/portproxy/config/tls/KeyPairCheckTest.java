package io.portproxy.config.tls;

import static io.portproxy.testing.TestCertificates.SERVER;
import static io.portproxy.testing.TestCertificates.SERVER_2;
import static io.portproxy.testing.TestCertificates.SERVER_ED25519;
import static io.portproxy.testing.TestCertificates.SERVER_RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.portproxy.config.Checked;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tests the check for a private key that does not belong to its certificate. */
class KeyPairCheckTest {
    private static final char[] PASSWORD = "not a secret".toCharArray();
    private static final String MISFIT = "the private key is not that of the certificate of CN=localhost";

    @TempDir
    private Path folder;

    /** Returns a key manager. The names are pairs: one for the certificate and one for the key. */
    private static X509KeyManager keys(String... pairs) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < pairs.length; i += 2) {
            Certificate[] chain = {TestCertificates.certificate(pairs[i])};
            store.setKeyEntry("pair " + i, TestCertificates.key(pairs[i + 1]), PASSWORD, chain);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return (X509KeyManager) factory.getKeyManagers()[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVER, SERVER_RSA, SERVER_ED25519})
    void aKeyFitsItsOwnCertificate(String name) {
        assertThatCode(() -> KeyPairCheck.check(keys(name, name))).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "the certificate of {0} and the key of {1}")
    @CsvSource({
        SERVER + "," + SERVER_2,
        SERVER_RSA + "," + SERVER,
        SERVER + "," + SERVER_RSA,
        SERVER_ED25519 + "," + SERVER,
        SERVER + "," + SERVER_ED25519
    })
    void anothersKeyDoesNotFit(String certificate, String key) {
        assertThatIllegalStateException()
                .isThrownBy(() -> KeyPairCheck.check(keys(certificate, key)))
                .withMessageStartingWith(MISFIT);
    }

    @Test
    void everyKeyOfAStoreIsLookedAt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> KeyPairCheck.check(keys(SERVER, SERVER, SERVER_RSA, SERVER_RSA, SERVER_2, SERVER)));
    }

    @Test
    void noKeyAtAllIsNotThisOnesMatter() {
        assertThatCode(() -> KeyPairCheck.check(keys())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void aStartWithAnothersKeySaysWhichBundleAndWhichCertificate(String role) throws IOException {
        String bundle = PemFiles.bundle(folder, "own", SERVER, TestCertificates.CA);
        PemFiles.write(folder, "next", SERVER_2, "");
        Files.copy(folder.resolve("next.key"), folder.resolve("own.key"), StandardCopyOption.REPLACE_EXISTING);
        String yaml = role.equals("server")
                ? "portproxy.server: {bind: 127.0.0.1:0, proxy: [{remote-name: one}], ssl: {bundle: own}}\n"
                : "portproxy.client: {name: one, server: 127.0.0.1:1, ssl: {bundle: own}}\n";

        FailureAnalysis report = Checked.failure(folder, yaml + bundle, "--spring.profiles.active=" + role);

        assertThat(report.getDescription())
                .contains("portproxy." + role + ".ssl.bundle: own", "cannot be loaded: " + MISFIT);
        assertThat(report.getAction()).contains("correct spring.ssl.bundle.");
    }
}
