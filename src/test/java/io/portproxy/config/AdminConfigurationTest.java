package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the configuration of the admin API. */
@ExtendWith(OutputCaptureExtension.class)
class AdminConfigurationTest {
    private static final String SERVER = """
        portproxy:
          workers: 1
          server:
            bind: 127.0.0.1:0
            proxy: [{remote-name: one, port-list: [{bind: 0, remote: 1}]}]
        """;
    private static final String ROLE = "--spring.profiles.active=server";

    @TempDir
    private Path folder;

    @AfterEach
    void leavesNoEventLoop() {
        Started.awaitNoEventLoop();
    }

    private void assertIsReported(String yaml, String property, String reason) {
        FailureAnalysis failure = Checked.failure(folder, SERVER + yaml, ROLE, "--logging.level.root=off");
        String report = failure.getDescription() + failure.getAction();

        assertThat(report).contains("portproxy.admin." + property, reason).doesNotContain("Sesame");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {password: '{noop}12345678'} | users[0].name | is missing
        {name: '', password: '{noop}12345678'} | users[0].name | is empty
        {name: 'a:b', password: '{noop}12345678'} | users[0].name: a:b | a colon
        {name: a} | users[0].password | is missing
        {name: a, password: ''} | users[0].password | is empty
        {name: a, password: Sesame-12345} | users[0].password: (hidden) | as java -jar portproxy.jar hash-password prints it
        {name: a, password: '{md5}Sesame-12345'} | users[0].password: (hidden) | neither a bcrypt hash
        {name: a, password: '{bcrypt}Sesame-12345'} | users[0].password: (hidden) | neither a bcrypt hash
        {name: a, password: '{noop}Sesame'} | users[0].password: (hidden) | is too short
        {name: a, password: '{noop}${Sesame.x}'} | users[0].password: (hidden) | a reference to something that is not set
        {name: a, pasword: '{noop}Sesame-12345'} | users[0].pasword | there is no such property
        {name: a, password: '{noop}12345678', role: root} | users[0].role: root | viewer, operator, admin
        """)
    void reportsWhatIsWrongWithAUser(String user, String property, String reason) {
        assertIsReported("  admin.users: [" + user + "]\n", property, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {name: a} | tokens[0].token | is missing
        {name: a, token: ''} | tokens[0].token | is empty
        {token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame'} | tokens[0].name | is missing
        {name: 'a:b', token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame'} | tokens[0].name: a:b | a colon
        {name: a, token: Sesame-Sesame-Sesame-Sesame-Sesame} | tokens[0].token: (hidden) | neither 64 hexadecimal digits
        {name: a, token: '{bcrypt}Sesame-Sesame-Sesame'} | tokens[0].token: (hidden) | neither 64 hexadecimal digits
        {name: a, token: '{sha256}Sesame'} | tokens[0].token: (hidden) | neither 64 hexadecimal digits
        {name: a, token: '{noop}Sesame'} | tokens[0].token: (hidden) | (or portproxy token) makes a good one
        {name: a, token: '{noop}Sesame Sesame Sesame Sesame Sesame'} | tokens[0].token: (hidden) | has others than letters
        {name: a, token: '{noop}${Sesame.x}'} | tokens[0].token: (hidden) | a reference to something that is not set
        {name: a, tokn: '{noop}Sesame-12345'} | tokens[0].tokn | there is no such property
        {name: a, token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame', role: root} | tokens[0].role: root | viewer, operator, admin
        """)
    void reportsWhatIsWrongWithAToken(String token, String property, String reason) {
        assertIsReported("  admin.tokens: [" + token + "]\n", property, reason);
    }

    @Test
    void reportsTokensThatAreThereTwiceAndHaveAUsersName() {
        String twice = "[{name: a, token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame'},"
                + " {name: b, token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame'}]\n"
                + "  admin.users: [{name: b, password: '{noop}12345678'}]";

        assertThat(Checked.failure(folder, SERVER + "  admin.tokens: " + twice, ROLE, "--logging.level.root=off")
                        .getDescription())
                .contains(
                        "portproxy.admin.tokens[1].token: (hidden)", "is the same as that of portproxy.admin.tokens[0]")
                .contains("portproxy.admin.tokens[1].name: b", "is the same as portproxy.admin.users[0].name")
                .doesNotContain("Sesame");
    }

    @Test
    void makesNoPasswordWhereThereIsAToken(CapturedOutput output) {
        Started.withAdmin(
                        folder,
                        SERVER + "  admin.tokens: [{name: a, token: '{noop}Sesame-Sesame-Sesame-Sesame-Sesame'}]",
                        ROLE,
                        "--logging.level.root=debug")
                .close();

        assertThat(output).doesNotContain("with password").doesNotContain("Sesame");
    }

    @Test
    void reportsANameThatIsThereTwice() {
        String users = "[{name: a, password: '{noop}12345678'}, {name: a, password: '{noop}12345678'}]";

        assertThat(Checked.failure(folder, SERVER + "  admin.users: " + users, ROLE, "--logging.level.root=off")
                        .getDescription())
                .contains("portproxy.admin.users[1].name: a", "is the same as portproxy.admin.users[0].name");
    }

    @Test
    void makesAPasswordAndSaysItOnceWhereNoneIsConfigured(CapturedOutput output) {
        try (ConfigurableApplicationContext context = Started.withAdmin(folder, SERVER, ROLE)) {
            assertThat(output.toString().lines().filter(line -> line.contains("password")))
                    .singleElement()
                    .asString()
                    .containsPattern(
                            "portproxy\\.admin\\.users.*: until the next start, log in as admin with password [0-9a-f]{32}$");
            assertThat(output)
                    .contains("and the admin API at http://127.0.0.1:"
                            + context.getEnvironment().getProperty("local.server.port") + "/api/v1");
        }
    }

    @Test
    void saysNoPasswordThatIsConfigured(CapturedOutput output) {
        Started.withAdmin(
                        folder,
                        SERVER + "  admin.users: [{name: a, password: '{noop}Sesame-12345', role: admin}]",
                        ROLE,
                        "--logging.level.root=debug")
                .close();

        assertThat(output).contains("the dashboard is at http").doesNotContain("Sesame-12345");
    }

    @Test
    void saysThatThePortIsTaken(CapturedOutput output) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            Throwable thrown = catchThrowable(() -> Started.withAdmin(folder, SERVER, ROLE, "--server.port=" + port)
                    .close());

            assertThat(thrown).isNotNull();
            assertThat(output)
                    .contains("server.port: " + port, "is in use: another program listens on port " + port)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void saysThatTheAddressIsNotOfThisHost(CapturedOutput output) {
        Throwable thrown = catchThrowable(() -> Started.withAdmin(folder, SERVER, ROLE, "--server.address=192.0.2.1")
                .close());

        assertThat(thrown).isNotNull();
        assertThat(output)
                .contains("server.address: 192.0.2.1", "is not an address of this machine")
                .doesNotContain("\tat ");
    }
}
