package io.portproxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.acme.CertificateView.State;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests certificate orders step by step, with a clock that the test sets and a fake authority. */
class AcmeCertificatesTest {
    private static final String NAME = "app.example.com";

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private final List<ChallengeType> asked = new ArrayList<>();
    private Instant now = Instant.now();
    private Optional<AcmeFailure> trouble = Optional.empty();
    private Optional<Authority.Advice> advice = Optional.empty();

    /** An authority that issues self-signed certificates. Nothing in this test checks who signed them. */
    private final class Fake implements Authority {
        private final KeyPair accountKey;

        Fake(KeyPair accountKey) {
            this.accountKey = accountKey;
        }

        @Override
        public List<X509Certificate> issue(Order order) throws AcmeFailure {
            assertThat(accountKey).isNotNull();
            asked.add(order.preferred());
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            return List.of(SelfSigned.of(order.name(), order.key(), now));
        }

        @Override
        public Optional<Advice> advice(X509Certificate certificate) {
            return advice;
        }
    }

    private AcmeCertificates certificates() {
        AcmeSettings settings = new AcmeSettings(
                new AcmeSettings.Account(URI.create("https://ca.example/dir"), Optional.empty(), Optional.empty()),
                new AcmeSettings.Validation(
                        List.of(ChallengeType.TLS_ALPN_01, ChallengeType.HTTP_01), Optional.empty()),
                Set.of(NAME),
                3,
                folder.resolve("acme"),
                new AcmeSettings.Timing(Duration.ofMinutes(2), Duration.ofHours(6), 66, 50));
        AcmeListener listener = new AcmeListener() {
            @Override
            public void issued(CertificateView certificate) {
                told.add("issued " + certificate.name());
            }

            @Override
            public void failed(CertificateView certificate) {
                told.add("failed " + certificate.name());
            }
        };
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }
        };
        return new AcmeCertificates(settings, listener, clock, new Random(1), (all, challenges, key) -> new Fake(key));
    }

    private static CertificateView only(AcmeCertificates certificates) {
        assertThat(certificates.views()).hasSize(1);
        return certificates.views().get(0);
    }

    @Test
    void aNameIsServedAtOnceAndCertifiedThen() throws Exception {
        AcmeCertificates certificates = certificates();
        var first = certificates.context(NAME);

        assertThat(only(certificates).state()).isEqualTo(State.WANTED);
        assertThat(first).isPresent();
        assertThat(certificates.context("other.example.com")).isEmpty();
        certificates.step();

        assertThat(only(certificates).state()).isEqualTo(State.VALID);
        assertThat(certificates.context("APP.example.com")).isPresent().isNotEqualTo(first);
        assertThat(told).containsExactly("issued " + NAME);
    }

    @Test
    void aRestartKeepsTheCertificateAndTheAccount() throws Exception {
        certificates().step();
        var key = Files.readString(accountKey());

        AcmeCertificates again = certificates();
        again.step();

        assertThat(only(again).state()).isEqualTo(State.VALID);
        assertThat(asked).hasSize(1);
        assertThat(Files.readString(accountKey())).isEqualTo(key);
    }

    @Test
    void filesAreThisUsersAlone() throws Exception {
        certificates().step();

        try (Stream<Path> all = Files.walk(folder.resolve("acme"))) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void aRefusalIsFollowedByTheOtherChallengeLaterAndLater() throws Exception {
        trouble = Optional.of(new AcmeFailure(AcmeFailure.Of.THE_NAME, "no such host"));
        AcmeCertificates certificates = certificates();
        certificates.step();
        Instant second = certificates.step();
        assertThat(Duration.between(now, second)).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(150));
        now = second;
        certificates.step();

        assertThat(Duration.between(now, certificates.step())).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(asked).containsExactly(ChallengeType.TLS_ALPN_01, ChallengeType.HTTP_01);
        assertThat(only(certificates).lastFailure()).contains("no such host");
        assertThat(told).containsExactly("failed " + NAME, "failed " + NAME);
        assertThat(certificates().step()).isAfter(now); // a restart does not order sooner
    }

    @Test
    void aRenewalThatFailsKeepsTheOldCertificate() throws Exception {
        AcmeCertificates certificates = certificates();
        certificates.step();
        certificates.step();
        var old = certificates.context(NAME);
        now = only(certificates).nextAttempt().orElseThrow();
        trouble = Optional.of(new AcmeFailure(AcmeFailure.Of.THE_AUTHORITY, "away"));
        certificates.step();
        certificates.step();

        assertThat(only(certificates).state()).isEqualTo(State.FAILING);
        assertThat(certificates.context(NAME)).isEqualTo(old);
    }

    @Test
    void theAuthoritysWindowDecides() throws Exception {
        AcmeCertificates certificates = certificates();
        certificates.step();
        Instant from = now.plus(Duration.ofDays(1));
        Instant until = now.plus(Duration.ofDays(2));
        advice = Optional.of(new Authority.Advice(from, until, Optional.empty()));

        certificates.step();

        assertThat(only(certificates).nextAttempt().orElseThrow()).isBetween(from, until);
    }

    @Test
    void aDamagedFileIsSetAside() throws Exception {
        certificates().step();
        Path file = accountKey().resolveSibling("certificates").resolve(NAME + ".pem");
        Files.writeString(file, Files.readString(file).substring(0, 150));

        assertThat(only(certificates()).state()).isEqualTo(State.WANTED);
        assertThat(file).doesNotExist();
        try (Stream<Path> all = Files.list(file.getParent())) {
            assertThat(all.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith(NAME + ".pem.unusable-"));
        }
    }

    @Test
    void thereAreNoMoreNamesThanAllowedAndNoWildcards() {
        AcmeCertificates certificates = certificates();
        certificates.names(Set.of("a.example", "b.example", "c.example", "*.d.example"));

        assertThat(certificates.views()).hasSize(3);
        assertThat(certificates.omitted()).containsExactlyInAnyOrder("c.example", "*.d.example");
    }

    private Path accountKey() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith("account-key.pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
