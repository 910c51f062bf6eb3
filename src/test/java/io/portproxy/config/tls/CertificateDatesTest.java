package io.portproxy.config.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Started;
import io.portproxy.config.problem.Remark;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests the reports about certificates that are not yet valid, expired or about to expire, at the start and later. */
@ExtendWith(OutputCaptureExtension.class)
class CertificateDatesTest {
    private static final Instant UNTIL =
            TestCertificates.certificate(TestCertificates.SERVER).getNotAfter().toInstant();
    private static final Instant AUTHORITY_UNTIL =
            TestCertificates.certificate(TestCertificates.CA).getNotAfter().toInstant();

    @TempDir
    private Path folder;

    private List<Remark> remarks(String own, String trusted, Instant now) throws IOException {
        return new CertificateDates(now, Duration.ofDays(14)).remarks("tunnel", bundle(own, trusted));
    }

    private SslBundle bundle(String own, String trusted) throws IOException {
        PemFiles.write(folder, "b", own, trusted);
        return SslBundle.of(new PemSslStoreBundle(
                own.isEmpty()
                        ? null
                        : PemSslStoreDetails.forCertificate(file("crt")).withPrivateKey(file("key")),
                trusted.isEmpty() ? null : PemSslStoreDetails.forCertificate(file("ca"))));
    }

    private String file(String ending) {
        return "file:" + folder.resolve("b." + ending);
    }

    @Test
    void saysNothingOfACertificateInItsTime() throws IOException {
        assertThat(remarks(TestCertificates.SERVER, TestCertificates.CA, UNTIL.minus(Duration.ofDays(15))))
                .isEmpty();
    }

    @Test
    void warnsOfOneThatSoonEnds() throws IOException {
        assertThat(remarks(
                        TestCertificates.SERVER,
                        "",
                        UNTIL.minus(Duration.ofDays(6)).minusSeconds(60)))
                .singleElement()
                .satisfies(remark -> {
                    assertThat(remark.wrong()).isFalse();
                    assertThat(remark.text()).contains("of SSL bundle tunnel ends in 6 days, on " + UNTIL, "renew it");
                });
        assertThat(remarks(TestCertificates.SERVER, "", UNTIL.minusSeconds(60))
                        .get(0)
                        .text())
                .contains("ends within a day");
    }

    @Test
    void findsOneThatHasEndedOrNotBegun() throws IOException {
        assertThat(remarks(TestCertificates.SERVER, "", UNTIL.plusSeconds(1)))
                .singleElement()
                .satisfies(remark -> {
                    assertThat(remark.wrong()).isTrue();
                    assertThat(remark.text()).contains("has ended, on " + UNTIL);
                });
        assertThat(remarks(TestCertificates.SERVER, "", Instant.EPOCH))
                .singleElement()
                .satisfies(remark ->
                        assertThat(remark.text()).contains("is valid only from", "clock, which says 1970-01-01"));
    }

    @Test
    void looksAtWhatIsTrustedToo() throws IOException {
        assertThat(remarks("", TestCertificates.CA, AUTHORITY_UNTIL.plusSeconds(1)))
                .singleElement()
                .satisfies(remark -> assertThat(remark.text())
                        .contains("the trusted certificate", "certificates that it has signed are refused"));
    }

    @Test
    void isLoggedOnceADayWhileItRuns() throws IOException {
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("tunnel", bundle(TestCertificates.SERVER, ""));
        CertificateWatch watch = new CertificateWatch(bundles, Duration.ofDays(14));
        Instant day = UNTIL.minus(Duration.ofDays(6)).plusSeconds(3600);
        try (LogRecorder log = new LogRecorder()) {
            watch.look(day);
            watch.look(day.plus(Duration.ofHours(1)));
            assertThat(log.linesWith("ends in 5 days")).hasSize(1);
            watch.look(UNTIL.plus(Duration.ofHours(1)));
            watch.look(UNTIL.plus(Duration.ofHours(25)));
            assertThat(log.linesWith("has ended")).hasSize(2);
        }
    }

    @Test
    void isToldAtTheStartWhichGoesOn(CapturedOutput output) throws IOException {
        String yaml = """
                portproxy:
                  workers: 1
                  server:
                    bind: 127.0.0.1:0
                    ssl: {bundle: own}
                    proxy: [{remote-name: one, port-list: [{bind: 127.0.0.1:0, remote: 1}]}]
                """ + PemFiles.bundle(folder, "own", TestCertificates.EXPIRED, "");

        Started.with(folder, yaml, "--spring.profiles.active=server").close();

        assertThat(output).containsPattern("WARN .*of SSL bundle own has ended, on ");
    }
}
