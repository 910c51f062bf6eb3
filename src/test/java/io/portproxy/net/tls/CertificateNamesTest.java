package io.portproxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.TestCertificates;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=home|home",
                "CN=h\u00f6me \u2603|h\u00f6me \u2603",
                "CN=\"a, CN=b\"|a, CN=b",
                "O=CN\\=no, CN=yes, OU=CN|yes",
                "CN=most specific, CN=outer|most specific",
                "CN=one+OU=two|one",
                "C=DE, CN=PrintableString|PrintableString"
            })
    void readsTheMostSpecificCommonName(String name, String expected) {
        assertThat(CertificateNames.commonName(new X500Principal(name))).contains(expected);
    }

    @Test
    void aNameMayBeWithoutACommonName() {
        assertThat(CertificateNames.commonName(new X500Principal("O=nobody"))).isEmpty();
        assertThat(CertificateNames.commonName(new X500Principal(""))).isEmpty();
    }

    @Test
    void whatIsNotANameNamesNobody() {
        byte[] name = new X500Principal("CN=home, OU=" + "x".repeat(200) + ", O=y").getEncoded();
        for (int length = 0; length < name.length; length++) {
            assertThat(commonName(Arrays.copyOf(name, length))).isEmpty();
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = name.clone();
            changed[random.nextInt(name.length)] = (byte) random.nextInt(256);
            assertThat(commonName(changed)).isNotNull(); // no other exception was thrown
        }
    }

    @Test
    void twoCommonNamesInOnePlaceNameNobody() {
        assertThat(CertificateNames.commonName(new X500Principal("CN=one+CN=two, CN=outer")))
                .isEmpty();
    }

    @Test
    void aCommonNameThatIsNoTextNamesNobody() {
        assertThat(CertificateNames.commonName(new X500Principal("CN=#0403010203"))) // an OCTET STRING
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" home", "home ", "#home", "ho\\me", "home\u0000.example", "a+b=c;d<e>"})
    void everyCharacterOfACommonNameStays(String text) {
        X500Principal subject = new X500Principal("CN=" + Rdn.escapeValue(text));
        assertThat(CertificateNames.commonName(subject)).contains(text);
    }

    /** Reads a name. The JDK refuses most wrong encodings before they become a name. */
    private static Optional<String> commonName(byte[] encoded) {
        X500Principal subject;
        try {
            subject = new X500Principal(encoded);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return CertificateNames.commonName(subject);
    }

    @Test
    void namesAreTheCommonNameAndTheDnsNames() {
        assertThat(CertificateNames.of(TestCertificates.certificate(TestCertificates.CLIENT_WITH_NAMES)))
                .containsExactlyInAnyOrder("desk, 2", "desk", "desk.example");
    }
}
