package io.portproxy.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.acme.AcmeSettings;
import io.portproxy.acme.ChallengeType;
import io.portproxy.config.Checked;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tests the check of {@code portproxy.acme} and of the gateways that order certificates. */
class AcmeCheckTest {
    private static final String QUIET = "--logging.level.root=off";
    private static final String SERVER = "--spring.profiles.active=server";

    @TempDir
    private Path folder;

    private static String yaml(String acme, String server) {
        return """
                portproxy:
                  workers: 1
                  store: none
                  acme: {%s}
                  server:
                    bind: 127.0.0.1:0
                    proxy: [{remote-name: one}]
                    %s
                """.formatted(acme, server == null ? "" : server);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http-bind: 0 | ssl: {acme: true} | portproxy.acme.terms-accepted: false | no certificate can be ordered for portproxy.server.ssl.acme | https://letsencrypt.org/repository/
            names: [a.example], http-bind: 0 | | portproxy.acme.terms-accepted: false | no certificate can be ordered | set it to true
            terms-accepted: true, http-bind: 0 | ssl: {acme: true} | portproxy.acme.names | asks for the certificate of the first name | such as [proxy.example.com]
            terms-accepted: true, names: [a.example] | | portproxy.acme.http-bind | no gateway can answer when the authority checks | write 0.0.0.0:80, or a gateway
            terms-accepted: true, names: ['*.a.example'], http-bind: 0 | | portproxy.acme.names[0]: *.a.example | is a wildcard | full name of a host
            terms-accepted: true, names: [127.0.0.1], http-bind: 0 | | portproxy.acme.names[0]: 127.0.0.1 | is an address | full name of a host
            terms-accepted: true, directory: 'http://ca.example/dir' | | portproxy.acme.directory: http://ca.example/dir | https:// | remove it for Let's Encrypt
            terms-accepted: true, staging: true, directory: 'https://ca.example/dir' | | portproxy.acme.staging: true | beside portproxy.acme.directory | remove one of the two
            terms-accepted: true, email: nobody | | portproxy.acme.email: nobody | is no address of mail | admin@example.com
            terms-accepted: true, ssl: {bundle: ca} | | portproxy.acme.ssl.bundle: ca | there is no | set spring.ssl.bundle.pem.ca
            renew-after-percent: 99 | | portproxy.acme.renew-after-percent: 99 | out of range | write 10 to 95
            retry-max: 1m | | portproxy.acme.retry-max: 1m | is less than portproxy.acme.retry-initial (120s) | write 120s or more
            terms-accepted: true, names: [a.example], http-bind: 0 | ssl: {acme: true, bundle: x} | portproxy.server.ssl.acme: true | beside portproxy.server.ssl.bundle | remove one of the two
            terms-accepted: true, names: [a.example], http-bind: 0 | ssl: {acme: true, client-auth: need} | portproxy.server.ssl.client-auth: need | ACME does not say whose are to be trusted | a bundle of your own
            terms-accepted: true, names: [a.example], http-bind: 8081 | gateways: [{name: web, bind: 8081}] | portproxy.server.gateways[0].bind: 8081 | same address and port as portproxy.acme.http-bind | a port of its own
            """)
    void namesPropertyValueReasonAndFix(String acme, String server, String property, String reason, String fix) {
        FailureAnalysis report = Checked.failure(folder, yaml(acme, server), QUIET, SERVER);

        assertThat(report.getDescription()).contains(property + "\n", reason);
        assertThat(report.getAction()).contains(fix);
    }

    private Optional<AcmeSettings> settings(String acme, String server) {
        return Checked.with(folder, yaml(acme, server), QUIET, SERVER).acme();
    }

    @Test
    void nobodyIsAskedWhereNobodyWantsACertificate() {
        assertThat(settings("", "")).isEmpty();
    }

    @Test
    void gatewaysAnswerTheChallengesThatTheyCan() {
        String plain = "{name: web, bind: 0}";
        String tls = "{name: tls, bind: 0, ssl: {acme: true}}";

        assertThat(settings("terms-accepted: true", "gateways: [" + tls + "]")
                        .orElseThrow()
                        .validation()
                        .challenges())
                .containsExactly(ChallengeType.TLS_ALPN_01);
        assertThat(settings("terms-accepted: true", "gateways: [" + plain + ", " + tls + "]")
                        .orElseThrow()
                        .validation()
                        .challenges())
                .containsExactly(ChallengeType.HTTP_01, ChallengeType.TLS_ALPN_01);
    }

    @Test
    void stagingIsOneProperty() {
        assertThat(settings("terms-accepted: true, staging: true", "")
                        .orElseThrow()
                        .account()
                        .directory())
                .hasHost("acme-staging-v02.api.letsencrypt.org");
    }
}
