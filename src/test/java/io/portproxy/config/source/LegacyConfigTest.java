package io.portproxy.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.client.ClientSettings;
import io.portproxy.config.Checked;
import io.portproxy.config.Started;
import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.PlannedPort;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.check.Target;
import io.portproxy.config.properties.PortType;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Dialect;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

class LegacyConfigTest {
    private static final String QUIET = "--logging.level.root=off";
    private static final String SERVER = """
            bind: 127.0.0.1:0
            heartbeat_interval: 2
            idle_timeout: 8s
            proxy:
              - remote_name: remote_client1
                port_list:
                  - type: http
                    bind: 127.0.0.1:0
                    remote: 17211
                  - type: tcp
                    bind: 127.0.0.1:0
                    remote: 17210
            """;
    private static final String CLIENT = """
            name: remote_client1
            server: 127.0.0.1:1
            heartbeat_interval: 3
            """;

    @TempDir
    private Path folder;

    @Test
    void readsAServersFile() {
        try (ConfigurableApplicationContext context = Started.with(
                folder,
                "portproxy.server.bind: 127.0.0.1:2",
                QUIET,
                "--spring.profiles.active=server",
                legacy(SERVER))) {
            CheckedServer server =
                    context.getBean(ProcessSettings.class).server().orElseThrow();

            assertThat(Sockets.text(server.settings().port().bind()))
                    .as("wins over application.yml")
                    .isEqualTo("127.0.0.1:0");
            assertThat(server.settings().tunnel().idleTimeout()).isEqualTo(Duration.ofSeconds(8));
            assertThat(server.ports()).extracting(PlannedPort::type).containsExactly(PortType.HTTP, PortType.TCP);
            assertThat(server.ports())
                    .extracting(PlannedPort::target)
                    .extracting(Target::port)
                    .containsExactly(17211, 17210);
            assertThat(server.ports()).extracting(PlannedPort::remoteName).containsOnly("remote_client1");
        }
    }

    @Test
    void readsAClientsFileAndLetsTheCommandLineWin() {
        try (ConfigurableApplicationContext context = Started.with(
                folder,
                "",
                QUIET,
                "--spring.profiles.active=client",
                legacy(CLIENT),
                "--portproxy.client.name=another")) {
            ClientSettings client =
                    context.getBean(ProcessSettings.class).client().orElseThrow();

            assertThat(client.name()).isEqualTo("another");
            assertThat(client.tunnel().heartbeatInterval()).isEqualTo(Duration.ofSeconds(3));
            assertThat(client.dialect()).isEqualTo(Dialect.CLASSIC);
        }
    }

    @Test
    void readsOneFileForEachRoleWhereverTheyAreNamed() {
        Path server = Started.write(folder, "server.yaml", SERVER);
        Path client = Started.write(folder, "client.yaml", CLIENT);

        try (ConfigurableApplicationContext context = Started.with(
                folder,
                "portproxy: {legacy_config: ['" + server + "', '" + client + "'], client: {protocol: EXTENDED}}",
                QUIET,
                "--spring.profiles.active=server,client")) {
            ProcessSettings check = context.getBean(ProcessSettings.class);

            assertThat(check.server()).isPresent();
            assertThat(check.client()).isPresent();
            assertThat(check.client().orElseThrow().dialect())
                    .as("what was said stays")
                    .isEqualTo(Dialect.EXTENDED);
        }
    }

    @Test
    void namesTheFileAndLineOfAWrongValue() {
        FailureAnalysis report = Checked.failure(
                folder,
                "",
                QUIET,
                "--spring.profiles.active=server",
                legacy(SERVER.replace("127.0.0.1:0\n        remote: 17210", "127.0.0.1:70000\n        remote: 17210")
                        .replace("idle_timeout", "idle_time_out")
                        .replace("heartbeat_interval", "heart_beat")));

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].port-list[1].bind: 127.0.0.1:70000")
                .contains("legacy.yaml, line 11, column 15")
                .contains("portproxy.server.heart_beat")
                .contains("legacy.yaml, line 2, column 13");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'foo: 1'                              | has neither the keys of a server nor of a client | a server's file has bind and proxy
            ''                                    | has neither | a client's name and server
            '- a'                                 | has neither | a client's name and server
            'just words'                          | has neither | a client's name and server
            'heartbeat_interval: 5'               | has neither | a client's name and server
            '{bind: 1, proxy: [], name: x}'       | has the keys of a server and of a client: bind, name, proxy | two files
            'portproxy: {server: {bind: 1}}'      | keys stand below portproxy | --spring.config.additional-location=
            'bind: [1'                            | cannot be read as YAML | correct that line
            '{bind: 1, bind: 2}'                  | found duplicate key bind, line 1, column 11 | correct that line
            """)
    void saysWhatIsWrongWithAFile(String text, String reason, String fix) {
        String option = legacy(text);

        FailureAnalysis report = Checked.failure(folder, "", QUIET, "--spring.profiles.active=server", option);

        assertThat(report.getDescription())
                .contains("portproxy.legacy-config: " + folder.resolve("legacy.yaml"), reason);
        assertThat(report.getAction()).contains("portproxy.legacy-config: ", fix);
    }

    @Test
    void refusesSeveralDocumentsInOneFile() {
        FailureAnalysis report = Checked.failure(folder, "", QUIET, legacy("bind: 1\n---\nname: x\n"));

        assertThat(report.getDescription()).contains("has 2 documents");
    }

    @Test
    void refusesTwoFilesOfOneRole() {
        Path second = Started.write(folder, "second.yaml", CLIENT);

        FailureAnalysis report = Checked.failure(folder, "", QUIET, legacy(CLIENT) + "," + second);

        assertThat(report.getDescription()).contains("second.yaml", "is the second file of a client");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        FailureAnalysis missing =
                Checked.failure(folder, "", QUIET, "--portproxy.legacy-config=" + folder.resolve("missing.yaml"));
        FailureAnalysis directory = Checked.failure(folder, "", QUIET, "--portproxy.legacy-config=" + folder);

        assertThat(missing.getDescription()).contains("missing.yaml", "there is no such file");
        assertThat(missing.getAction()).contains("correct the path");
        assertThat(directory.getDescription()).contains("is a directory");
    }

    private String legacy(String text) {
        return "--portproxy.legacy-config=" + Started.write(folder, "legacy.yaml", text);
    }
}
