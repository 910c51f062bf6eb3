package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portproxy.config.check.CheckedServer;
import io.portproxy.config.check.ProcessSettings;
import io.portproxy.config.problem.YamlFailureAnalyzer;
import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Tests the sources of tokens, and that no message shows a token. Each token begins with {@code Sesame}. */
@ExtendWith(OutputCaptureExtension.class)
class TokenConfigurationTest {
    private static final String TOKEN = "Sesame-0123456789";
    private static final String CLIENT = """
            portproxy:
              workers: 1
              client:
                name: one
                server: 127.0.0.1:1
            """;
    private static final String SERVER = """
            portproxy:
              workers: 1
              server:
                bind: 127.0.0.1:0
                proxy:
                  - remote-name: one
            """;

    @TempDir
    private Path folder;

    @Test
    void takesATokenFromAnEnvironmentVariable() {
        try (ConfigurableApplicationContext context = Started.with(
                folder,
                CLIENT + "    token: ${one.token}\n",
                application -> application.addInitializers(starting -> starting.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "another-systemEnvironment", Map.of("ONE_TOKEN", TOKEN)))),
                "--spring.profiles.active=client")) {
            assertThat(clientToken(context.getBean(PortProxyProperties.class))).isEqualTo(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\n\n", " \n"})
    void takesAClientsTokenFromAFileAndTrimsItsEnd(String end) throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Started.write(secrets, "portproxy.client.token", TOKEN + end);

        String yaml = CLIENT + configTree(secrets);
        assertThat(clientToken(Checked.properties(folder, yaml, "--spring.profiles.active=client")))
                .isEqualTo(TOKEN);
        assertThat(Checked.with(folder, yaml, "--spring.profiles.active=client")
                        .client()
                        .orElseThrow()
                        .token())
                .isNotSameAs(Token.NONE);
    }

    @Test
    void takesNoByteOrderMarkForAPartOfATokensFile() throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Started.write(secrets, "portproxy.client.token", "\uFEFF" + TOKEN + "\n");

        assertThat(clientToken(
                        Checked.properties(folder, CLIENT + configTree(secrets), "--spring.profiles.active=client")))
                .isEqualTo(TOKEN);
    }

    @Test
    void takesAServersTokensFromFilesAndBothOfThemWhileOneReplacesTheOther() throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Started.write(secrets, "old-token", TOKEN + "\n");
        Started.write(secrets, "new-token", "Sesame-9876543210\n");

        try (ConfigurableApplicationContext context = Started.with(
                folder,
                SERVER + "        tokens: ['${old-token}', '${new-token}']\n" + configTree(secrets),
                "--spring.profiles.active=server")) {
            assertThat(serverTokens(context.getBean(PortProxyProperties.class)))
                    .containsExactly(TOKEN, "Sesame-9876543210");
            assertThat(remoteTokens(context)).hasSize(2);
        }
    }

    @Test
    void takesAServersTokensFromOneFileWithCommas() throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Started.write(secrets, "one-tokens", TOKEN + ",Sesame-9876543210\n");

        assertThat(serverTokens(Checked.properties(
                        folder,
                        SERVER + "        tokens: ${one-tokens}\n" + configTree(secrets),
                        "--spring.profiles.active=server")))
                .containsExactly(TOKEN, "Sesame-9876543210");
    }

    @Test
    void showsNoTokenInTheLogNorInTheText(CapturedOutput output) {
        String yaml = SERVER + "        tokens: [" + TOKEN + "]\n" + "---\n" + CLIENT + "    token: " + TOKEN + "\n";
        try (ConfigurableApplicationContext context = Started.with(
                folder,
                yaml,
                "--spring.profiles.active=server,client",
                "--logging.level.io.portproxy=trace",
                "--logging.level.org.springframework.boot.context=debug")) {
            PortProxyProperties properties = context.getBean(PortProxyProperties.class);

            assertThat(properties.toString()).contains("token=(hidden)", "tokens=[(hidden)]");
            assertThat(properties + " " + context.getBean(ProcessSettings.class))
                    .doesNotContain("Sesame");
        }
        assertThat(output).doesNotContain("Sesame");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token: Sesame                        | portproxy.client.token: (hidden)    | is too short       | portproxy token
            token: '{scram-sha-256}Sesame' | portproxy.client.token: (hidden) | is what an export contains in place of a token | write the token itself
            token: Sesame-90123456               | portproxy.client.token: (hidden)    | is too short       | 16 or more characters
            token: ''                            | portproxy.client.token              | is empty           | portproxy token
            token:                               | portproxy.client.token              | is empty           | portproxy token
            token: ${sesame.unset}               | portproxy.client.token: (hidden)    | a reference to something that is not set | set it
            token: ${sesame.unset:}              | portproxy.client.token              | is empty           | the value comes from sesame.unset
            token: 'Sesame 0123456789'           | portproxy.client.token: (hidden)    | has a blank        | write one word
            token: "Sesame\\n0123456789"         | portproxy.client.token: (hidden)    | has a blank, a line break | write one word
            token: "Sesame\\00123456789"         | portproxy.client.token: (hidden)    | does not show | write one word
            token: "Sesame\\u200B123456789"      | portproxy.client.token: (hidden)    | does not show | write one word
            token: "\\uFFFD\\uFFFDSesame123456789" | portproxy.client.token: (hidden)  | not UTF-8 | save the file as UTF-8
            token: 12345678901234567890          | portproxy.client.token: (hidden)    | is not text        | write it in quotes
            token: 1234567890123456e10           | portproxy.client.token: (hidden)    | is not text        | write it in quotes
            token: [Sesame-0123456789]           | portproxy.client.token[0]           | no such property   | write it without [0]
            token: {it: Sesame-0123456789}       | portproxy.client.token.it           | no such property   | write the value at portproxy.client.token
            tokens: [Sesame-0123456789]          | portproxy.client.tokens          | no such property   | did you mean portproxy.client.token?
            tokn: Sesame-0123456789              | portproxy.client.tokn               | no such property   | did you mean portproxy.client.token?
            authentication: Sesame-0123456789    | portproxy.client.authentication     | no such property   | the keys here are
            {protocol: classic, token: Sesame-0123456789} | portproxy.client.token: (hidden) | no effect with protocol: classic | set portproxy.client.protocol to extended
            """)
    void refusesAWrongTokenOfAClientWithoutShowingIt(String line, String property, String reason, String fix) {
        String yaml = line.startsWith("{")
                ? CLIENT + "---\nportproxy: {client: " + line + "}\n"
                : CLIENT + "    " + line + "\n";

        assertRefused(yaml, "client", property, reason, fix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tokens: ['{scram-sha-256}Sesame'] | portproxy.server.proxy[0].tokens[0]: (hidden) | but is not complete | copy it again, whole
            tokens: [Sesame-0123456789, Sesame] | portproxy.server.proxy[0].tokens[1]: (hidden) | is too short     | portproxy token
            tokens: 'Sesame-0123456789, Sesame' | portproxy.server.proxy[0].tokens[1]: (hidden) | is too short     | portproxy token
            tokens: []                          | portproxy.server.proxy[0].tokens              | is empty         | let anybody have the name
            tokens: ${sesame.unset:}            | portproxy.server.proxy[0].tokens              | is empty         | the value comes from sesame.unset
            tokens: ['${sesame.unset}']         | portproxy.server.proxy[0].tokens[0]: (hidden) | not set          | set it
            tokens: [Sesame-0123456789, 2020202020202020] | portproxy.server.proxy[0].tokens[1]: (hidden) | is not text  | write it in quotes
            tokens: {it: Sesame-0123456789}     | portproxy.server.proxy[0].tokens           | is a list | as a list, each entry behind a dash
            tokens: [{it: Sesame-0123456789}]   | portproxy.server.proxy[0].tokens[0].it        | no such property | write the value at portproxy.server.proxy[0].tokens
            token: Sesame-0123456789            | portproxy.server.proxy[0].token               | no such property | did you mean portproxy.server.proxy[0].tokens?
            """)
    void refusesWrongTokensOfAServerWithoutShowingThem(String line, String property, String reason, String fix) {
        assertRefused(SERVER + "        " + line + "\n", "server", property, reason, fix);
    }

    @Test
    void refusesATokenBehindAGapWithoutShowingIt(CapturedOutput output) {
        FailureAnalysis report = Started.failure(
                folder,
                "",
                "--spring.profiles.active=server",
                "--portproxy.server.proxy[0].remote-name=one",
                "--portproxy.server.proxy[0].tokens[1]=" + TOKEN);

        assertThat(report.getDescription())
                .contains("portproxy.server.proxy[0].tokens[1]: (hidden)", "is not used")
                .doesNotContain("Sesame");
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("Sesame");
    }

    @Test
    void doesNotQuoteTheLinesOfAFileThatIsNoYaml() {
        String yaml = CLIENT + "    token: \"" + TOKEN + "\n";
        Throwable parsed = catchThrowable(() -> new YamlPropertySourceLoader()
                .load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8))));
        assertThat(stackTrace(parsed)).as("what the parser quotes").contains(TOKEN);

        assertSecretUnquoted(Objects.requireNonNull(new YamlFailureAnalyzer().analyze(parsed)));
        assertSecretUnquoted(Started.failure(folder, yaml, "--logging.level.root=off"));
    }

    private static void assertSecretUnquoted(FailureAnalysis report) {
        assertThat(report.getDescription())
                .contains("cannot be read as YAML", "found unexpected end of stream", "line 7, column 1");
        assertThat(report.getDescription() + report.getAction() + stackTrace(report.getCause()))
                .doesNotContain("Sesame");
    }

    private void assertRefused(String yaml, String profile, String property, String reason, String fix) {
        FailureAnalysis report = Checked.failure(folder, yaml, "--spring.profiles.active=" + profile);

        assertThat(report.getDescription()).contains(property + "\n", reason, "test.yml");
        assertThat(report.getAction()).contains(property.split(": ", 2)[0] + ": ", fix);
        assertThat(report.getDescription() + report.getAction() + stackTrace(report.getCause()))
                .doesNotContain("Sesame")
                .doesNotContain("123456789");
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String configTree(Path folder) {
        return "spring.config.import: \"configtree:" + folder + "/\"\n";
    }

    private static String clientToken(PortProxyProperties properties) {
        return Objects.requireNonNull(properties.client().token()).text();
    }

    private static List<String> serverTokens(PortProxyProperties properties) {
        return Objects.requireNonNull(properties.server().proxy().get(0).tokens()).stream()
                .map(Secret::text)
                .toList();
    }

    private static List<TokenVerifier> remoteTokens(ConfigurableApplicationContext context) {
        CheckedServer server = context.getBean(ProcessSettings.class).server().orElseThrow();
        return server.settings().remotes().get(0).tokens();
    }
}
