package io.portproxy.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.config.Checked;
import io.portproxy.config.Started;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tests that a misspelt key is one problem, with its spelling and its line, whatever is below it. */
class UnknownKeysTest {
    private static final String QUIET = "--logging.level.root=off";
    private static final String BOTH = "--spring.profiles.active=server,client";
    private static final String RIGHT = """
            portproxy:
              server:
                bind: 127.0.0.1:0
                greeting_timeout: 10s
                proxy:
                  - remote_name: one
                    tokens: ["0123456789-abcdef"]
                    port_list:
                      - type: http
                        bind: 127.0.0.1:0
                        remote: 17211
                      - bind: 127.0.0.1:0
                        remote: 17210
              client:
                name: one
                server: 127.0.0.1:1
                reconnect:
                  max: 10s
            server:
              port: 0
              servlet.session.timeout: 20m
            spring:
              ssl:
                bundle:
                  pem:
                    tunnel:
                      truststore:
                        certificate: file:ca.crt
            management:
              endpoint:
                health:
                  show-details: always
            """;

    @TempDir
    private Path folder;

    private FailureAnalysis failure(String yaml, String... options) {
        List<String> all = new ArrayList<>(List.of(QUIET, BOTH));
        all.addAll(List.of(options));
        try {
            PemFiles.write(folder, "own", "", TestCertificates.CA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Checked.failure(folder, certified(yaml), all.toArray(String[]::new));
    }

    private String certified(String text) {
        return text.replace("file:ca.crt", "file:" + folder.resolve("own.ca"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            portproxy:        | portprxy:         | portprxy | 1 | did you mean portproxy?
            'portproxy:\n  server:' | 'portproxy:\n  sever:' | portproxy.sever | 2 | did you mean portproxy.server?
            '  client:'       | '  clients:'      | portproxy.clients | 14 | did you mean portproxy.client?
            '    proxy:'      | '    proxies:'    | portproxy.server.proxies | 5 | did you mean portproxy.server.proxy?
            greeting_timeout  | greetingTimeOuts  | portproxy.server.greetingTimeOuts: 10s | 4 | did you mean portproxy.server.greeting-timeout?
            remote_name       | name              | portproxy.server.proxy[0].name: one | 6 | did you mean portproxy.server.proxy[0].remote-name?
            port_list         | port_lists        | portproxy.server.proxy[0].port_lists | 8 | did you mean portproxy.server.proxy[0].port-list?
            port_list         | ports             | portproxy.server.proxy[0].ports | 8 | did you mean portproxy.server.proxy[0].port-list?
            tokens            | token             | portproxy.server.proxy[0].token | 7 | did you mean portproxy.server.proxy[0].tokens?
            'remote: 17210'   | 'remot: 17210'    | portproxy.server.proxy[0].port_list[1].remot: 17210 | 13 | did you mean portproxy.server.proxy[0].port-list[1].remote?
            reconnect:        | recconect:        | portproxy.client.recconect | 17 | did you mean portproxy.client.reconnect?
            '  port: 0'       | '  prot: 0'       | server.prot: 0 | 20 | did you mean server.port?
            'servlet.session' | 'servlet.sesion'  | server.servlet.sesion | 21 | did you mean server.servlet.session?
            '  ssl:'          | '  tls:'          | spring.tls | 23 | remove it; the keys here are
            '    bundle:'     | '    bundles:'    | spring.ssl.bundles | 24 | did you mean spring.ssl.bundle?
            truststore        | truststroe        | spring.ssl.bundle.pem.tunnel.truststroe | 27 | did you mean spring.ssl.bundle.pem.tunnel.truststore?
            certificate:      | certificates:     | spring.ssl.bundle.pem.tunnel.truststore.certificates: file:ca.crt | 28 | did you mean spring.ssl.bundle.pem.tunnel.truststore.certificate?
            '    health:'     | '    helth:'      | management.endpoint.helth | 31 | did you mean management.endpoint.health?
            """)
    void isOneProblem(String right, String wrong, String written, int line, String fix) {
        String yaml = RIGHT.replace(right.translateEscapes(), wrong.translateEscapes());
        assertThat(yaml).isNotEqualTo(RIGHT);

        FailureAnalysis report = failure(yaml);

        assertThat(report.getDescription())
                .contains("has a problem:", "\n" + certified(written) + "\n", "there is no such property")
                .contains("test.yml, line " + line + ",")
                .doesNotContain("0123456789-abcdef");
        assertThat(report.getAction().lines()).hasSize(1);
        assertThat(report.getAction()).contains(written.replaceFirst(": .*", "") + ": ", fix);
    }

    @Test
    void tellsOfSectionsThatStandOutsideOfPortproxy() {
        String yaml = RIGHT.substring(0, RIGHT.indexOf("server:\n  port"))
                .replace("portproxy:\n", "")
                .replaceAll("(?m)^  ", "");

        FailureAnalysis report = Checked.failure(folder, yaml, QUIET, BOTH);

        assertThat(report.getDescription()).contains("2 problems").contains("\nserver\n", "\nclient\n");
        assertThat(report.getAction())
                .contains("server: write it below portproxy, as portproxy.server")
                .contains("client: write it below portproxy, as portproxy.client");
    }

    @Test
    void tellsOfSpringBootsKeysOnTheCommandLine() {
        FailureAnalysis report = failure(RIGHT, "--server.adress=127.0.0.1");

        assertThat(report.getDescription())
                .contains("a problem:", "server.adress: 127.0.0.1", "from the command line (--server.adress)");
        assertThat(report.getAction()).contains("did you mean server.address?");
    }

    /** The operator's own keys, and keys of maps and lists, are not mistakes. */
    @Test
    void letsBeWhatMayHaveAnyName() {
        String yaml = RIGHT.substring(0, RIGHT.indexOf("spring:\n")) + """
                home-token: 1
                admin.password: 2
                my.own.key: 3
                logging.level.io.portproxy: debug
                ---
                spring:
                  config.import: ["optional:file:none.yml"]
                  ssl.bundle.jks.other.options.ciphers: TLS_AES_128_GCM_SHA256
                management:
                  endpoint.health.group.mine.include: [ping]
                  metrics.tags.host: here
                """;

        Started.with(folder, yaml, "--spring.profiles.active=server", "--debug=false")
                .close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "off", "007", "0x10", "1_000", "12:30"})
    void refusesATextThatYamlMakesAnotherOneOf(String name) {
        FailureAnalysis report = failure(RIGHT.replace("    name: one", "    name: " + name));

        assertThat(report.getDescription())
                .contains("a problem:", "portproxy.client.name: " + name + "\n", "by YAML", "line 15");
        assertThat(report.getAction()).contains("portproxy.client.name: write it in quotes");
    }

    @Test
    void showsAWrongValueAsItWasWritten() {
        FailureAnalysis report = Checked.failure(
                folder,
                RIGHT.replace("bind: 127.0.0.1:0\n    greeting", "classic: no # never\n    greeting"),
                QUIET,
                BOTH);

        assertThat(report.getDescription()).contains("portproxy.server.classic: no\n", "line 3");
    }
}
