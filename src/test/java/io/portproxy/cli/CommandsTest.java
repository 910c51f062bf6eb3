package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portproxy.PortProxyApplication;
import io.portproxy.config.Started;
import io.portproxy.config.source.Launcher;
import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

@ExtendWith(OutputCaptureExtension.class)
class CommandsTest {
    private static final String TOKEN = "0123456789-abcdef";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Launcher> started = new ArrayList<>();
    private Optional<Function<String, String>> prompt = Optional.empty();
    private String input = "";

    private int run(String... arguments) {
        return Commands.run(arguments, console(), started::add);
    }

    private Console console() {
        return new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                environment,
                prompt);
    }

    @Test
    void leavesSpringBootsCommandLineAlone() {
        assertThat(Commands.areMeant()).isFalse();
        assertThat(Commands.areMeant("--spring.profiles.active=server")).isFalse();
        assertThat(Commands.areMeant("--debug")).isFalse();
        assertThat(Commands.areMeant("--help")).isTrue();
        assertThat(Commands.areMeant("-V")).isTrue();
        assertThat(Commands.areMeant("conect")).isTrue();
    }

    @Test
    void namesTheCommandsAndTheVersion() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve", "connect", "check", "token", "hash-password");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).containsPattern("portproxy [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(Java [0-9]+");
        assertThat(started).isEmpty();
    }

    @Test
    void startsWhatTheOptionsStandFor() {
        environment.put("PORTPROXY_TOKEN", TOKEN);

        assertThat(run("connect", "--server=127.0.0.1:1", "--name", "me", "--portproxy.client.tunnels=2"))
                .isZero();

        assertThat(started).hasSize(1);
        assertThat(out.toString() + err).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            conect                                            | Did you mean: portproxy connect
            connect --nam me                                  | Possible solutions: --name
            connect --name me                                 | --server HOST:PORT is missing
            connect --server h:1                              | --name NAME is missing
            connect --server h:1 --name a --token-file none   | there is no file none
            connect --server h:1 --name a --tls-cert c        | --tls-cert and --tls-key belong together
            expose --server h:1 --name a                      | Missing required parameter: 'TARGET'
            expose 80 --name me                               | --server HOST:PORT is missing
            expose 80 22 --port 5 --server h:1 --name a       | --port is for one TARGET
            expose 80 --server h:1 --name a -o xml            | -o
            serve                                             | --expose NAME:BIND=TARGET is missing
            serve --expose 6688=1                             | write NAME:BIND=TARGET, such as --expose home:
            serve --expose-http me:6688                       | such as --expose-http home:
            serve --expose me:1=2 --token-file you=-          | nothing is exposed for that name
            serve --expose me:1=2 --tls-ca ca                 | write --tls-cert and --tls-key too
            check serve --expose me=1                         | write NAME:BIND=TARGET
            check --config c.yml                              | write check serve --config FILE, or check connect --config FILE, or check expose --config FILE
            check --bind=1 serve                              | --bind belongs to a command, which is missing: write check serve --bind HOST:PORT
            check --no-such                                   | --no-such
            token 5                                           | Unmatched argument
            """)
    void answersWrongUseWithCode2AndWhatToWrite(String arguments, String answer) {
        input = TOKEN;

        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString()).contains(answer).contains("Try: portproxy").doesNotContain("\tat ");
        assertThat(started).isEmpty();
    }

    @Test
    void saysWhatAServerWouldDoAndListensNowhere() throws IOException {
        environment.put("PORTPROXY_TOKEN", TOKEN);
        Path own = Files.writeString(folder.resolve("own"), TOKEN + "-own\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(
                            "check",
                            "serve",
                            "--bind=127.0.0.1:" + taken.getLocalPort(),
                            "--expose=one:12001=22",
                            "--expose-http=one:[::1]:12002=db.example:80",
                            "--expose=two:127.0.0.1:12003=23",
                            "--token-file=two=" + own))
                    .isZero();
            assertThat(out.toString())
                    .contains("remotes connect to 127.0.0.1:" + taken.getLocalPort())
                    .contains("127.0.0.1:12001 is exposed (tcp) for port 22 of remote one")
                    .contains(":1]:12002 is exposed (http) for db.example:80 of remote one")
                    .contains("127.0.0.1:12003 is exposed (tcp) for port 23 of remote two")
                    .contains("remote two authenticates with a token")
                    .contains("the admin API listens at 127.0.0.1:9016")
                    .doesNotContain("WARNING", "0123456789");
        }
    }

    @Test
    void saysWhatIsOpen() {
        assertThat(run("check", "serve", "--expose=one:12001=22")).isZero();

        assertThat(out.toString())
                .contains("remote one authenticates with nothing: anybody may have the name")
                .contains("Nothing is wrong, but there are 2 warnings.")
                .contains("WARNING: anybody who reaches 0.0.0.0:9015 can connect as remote one")
                .contains("set the variable PORTPROXY_TOKEN, or write --token-file")
                .contains("WARNING: tunnels are not encrypted", "write --tls-cert and --tls-key")
                .doesNotContain("portproxy.server");
    }

    @Test
    void saysWhatAClientWouldDo() throws IOException {
        input = TOKEN + "\n";
        PemFiles.write(folder, "authority", "", TestCertificates.CA);

        assertThat(run(
                        "check",
                        "connect",
                        "--server=127.0.0.1:1",
                        "--name=me",
                        "--allow=22,db:80",
                        "--allow=web:*,[::1]:22,[fd00::1]:*",
                        "--token-file=-",
                        "--tls-ca=" + folder.resolve("authority.ca")))
                .isZero();

        assertThat(out.toString())
                .contains("remote me connects to 127.0.0.1:1 (TLS)")
                .contains(
                        "remote me opens 127.0.0.1:22, db:80, web:*, [::1]:22, [fd00::1]:* and nothing else; it authenticates with a token")
                .contains("127.0.0.1:9017");
    }

    @Test
    void saysWhatIsAskedFor() {
        environment.put("PORTPROXY_TOKEN", TOKEN);

        assertThat(run("check", "expose", "8080", "db:5432", "--server=127.0.0.1:1", "--name=dev-ann"))
                .isZero();
        assertThat(run("check", "expose", "22", "--port=20417", "--server=127.0.0.1:1", "--name=dev-ann"))
                .isZero();

        assertThat(out.toString())
                .contains("remote dev-ann asks for port 8080 to be exposed", "asks for db:5432 to be exposed")
                .contains("remote dev-ann opens 127.0.0.1:8080, db:5432 and nothing else")
                .contains("asks for port 22 to be exposed at port 20417")
                .contains("there is no admin API");
    }

    @Test
    void namesTheOptionThatIsWrong(CapturedOutput output) {
        environment.put("PORTPROXY_TOKEN", "short-token");

        assertThat(run("check", "serve", "--expose=one:127.0.0.1:70000=22")).isEqualTo(1);

        assertThat(err.toString())
                .contains("--expose: 127.0.0.1:70000\n    has a port that is out of range")
                .contains("PORTPROXY_TOKEN: (hidden)\n", "java -jar portproxy.jar token")
                .doesNotContain("short-token", "\tat ", "portproxy.server");
        assertThat(output + out.toString()).isEmpty();
    }

    @Test
    void namesTheFileThatIsNoPemAndItsOption() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.txt"), "no PEM");

        assertThat(run("check", "connect", "--server=127.0.0.1:1", "--name=me", "--tls-ca=" + file))
                .isEqualTo(1);

        assertThat(err.toString())
                .contains("a problem:", "cannot be loaded: the file " + file + " of --tls-ca has no usable certificate")
                .contains("let --tls-ca name a file with the line -----BEGIN CERTIFICATE-----")
                .doesNotContain("spring.ssl", "\tat ");
    }

    @Test
    void namesTheOptionWhoseAddressIsInUse() throws IOException {
        environment.put("PORTPROXY_TOKEN", TOKEN);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            FailureAnalysis tunnels = failure("serve", "--bind=" + address, "--expose=one:0=22");
            FailureAnalysis property = failure("serve", "--portproxy.server.bind=" + address, "--expose=one:0=22");
            FailureAnalysis users = failure("serve", "--bind=127.0.0.1:0", "--expose=one:" + address + "=22");

            assertThat(tunnels.getDescription()).contains("--bind: " + address + "\n    is in use");
            assertThat(tunnels.getAction()).startsWith("--bind: stop that program");
            assertThat(property.getDescription())
                    .contains("portproxy.server.bind: " + address + "\n    is in use")
                    .contains("\n    from the command line (--portproxy.server.bind)");
            assertThat(users.getDescription()).contains("--expose: " + address + "\n    is in use");
            assertThat(users.getAction()).startsWith("--expose: stop that program");
        }
    }

    /** Starts what a command stands for, and returns the report of its failure. */
    private FailureAnalysis failure(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--portproxy.workers=1");
        assertThat(run(arguments.toArray(String[]::new))).isZero();
        SpringApplication application = new SpringApplication(PortProxyApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        Launcher launch = started.remove(started.size() - 1);
        return Started.analysis(catchThrowable(() -> launch.run(application).close()));
    }

    @Test
    void checksAFileWithTheOptionsBeforeIt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("c.yml"), "portproxy.client: {name: of-file, server: '127.0.0.1:5', allow: [22]}");

        assertThat(run("check", "connect", "--config=" + file, "--name=of-option"))
                .isZero();

        assertThat(out.toString())
                .contains("remote of-option connects to 127.0.0.1:5", "opens 127.0.0.1:22 and nothing else");
    }

    @Test
    void namesPropertiesWhereAFileSaysWhatToDo() throws IOException {
        Path file = Files.writeString(
                folder.resolve("c.yml"),
                "portproxy.server.proxy: [{remote-name: one, port-list: [{bind: 0, remote: 1}]}]");

        assertThat(run("check", "serve", "--config=" + file)).isZero();

        assertThat(out.toString())
                .contains("set portproxy.server.proxy[].tokens", "set portproxy.server.ssl.bundle")
                .doesNotContain("--t");
    }

    @Test
    void readsAFileOfTheOlderProgramBehindServe() throws IOException {
        Path file = Files.writeString(
                folder.resolve("old.yml"),
                "bind: 127.0.0.1:0\nproxy: [{remote_name: one, port_list: [{bind: 0, remote: 1}]}]");

        assertThat(run("check", "serve", "--portproxy.legacy-config=" + file)).isZero();
        assertThat(out.toString()).contains("is exposed (tcp) for port 1 of remote one");

        assertThat(run("check", "serve", "--config=" + file)).isEqualTo(1);
        assertThat(err.toString())
                .contains("a problem:", "proxy\n", "as in a file of the older program", "old.yml, line 2")
                .contains("--portproxy.legacy-config=FILE");
    }

    @Test
    void saysWhichFileOfTheOlderProgramsClientThatWas() throws IOException {
        Path file = Files.writeString(folder.resolve("old.yml"), "name: one\nserver: 127.0.0.1:9015\n");

        assertThat(run("check", "connect", "--config=" + file)).isEqualTo(1);

        assertThat(err.toString()).contains("a problem:", "server\n", "older program", "old.yml, line 2");
    }

    @ParameterizedTest
    @CsvSource({
        "none.yml, there is no file",
        "'', is a folder",
        "token, 'is a file whose name does not say what it is'",
        "tab.yml, 'tab.yml\n    cannot be read as YAML'"
    })
    void saysWhatIsWrongWithAFile(String name, String reason) throws IOException {
        Files.writeString(folder.resolve("token"), TOKEN);
        Files.writeString(folder.resolve("tab.yml"), "portproxy:\n\tserver: {}\n");

        assertThat(run("check", "serve", "--config=" + folder.resolve(name))).isEqualTo(1);

        assertThat(err.toString())
                .contains(
                        "a problem:",
                        reason.translateEscapes(),
                        folder.resolve(name).toString())
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void warnsOfFilesThatEverybodyCanRead() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x")); // others can reach it
        Path token = Files.writeString(folder.resolve("token"), TOKEN);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        PemFiles.write(folder, "own", TestCertificates.SERVER, "");
        Path key = folder.resolve("own.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        String[] command = {
            "check",
            "serve",
            "--expose=one:12001=22",
            "--token-file=" + token,
            "--tls-cert=" + folder.resolve("own.crt"),
            "--tls-key=" + key
        };

        assertThat(run(command)).isZero();
        assertThat(err.toString()).contains("WARNING: " + token + " has a secret in it", "chmod o= " + token);
        assertThat(out.toString()).contains("WARNING: " + key + " has a secret in it", "chmod o= " + key);

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertThat(run(command)).isZero();
        assertThat(out + err.toString()).doesNotContain("has a secret in it");
    }

    @ParameterizedTest
    @CsvSource({TestCertificates.EXPIRED + ",has ended", TestCertificates.FUTURE + ",is valid only from"})
    void findsACertificateOutOfItsTime(String name, String reason) throws IOException {
        PemFiles.write(folder, "own", name, "");

        assertThat(run(
                        "check",
                        "serve",
                        "--expose=one:12001=22",
                        "--tls-cert=" + folder.resolve("own.crt"),
                        "--tls-key=" + folder.resolve("own.key")))
                .isEqualTo(1);

        assertThat(err.toString()).contains("this is wrong:", "of SSL bundle command-line " + reason);
        assertThat(out.toString()).doesNotContain("Nothing is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void readsATokenFileWhateverAnEditorHasPutAroundIt(String charset) throws IOException {
        Path file = Files.write(folder.resolve("token"), ("\uFEFF" + TOKEN + "\r\n").getBytes(charset));

        assertThat(new Secrets(console()).read("--token-file", file.toString())).isEqualTo(TOKEN);
    }

    @Test
    void checksProfilesAndPropertiesToo() {
        assertThat(run("check", "--spring.profiles.active=demo", "--server.port=0"))
                .isZero();

        assertThat(out.toString()).contains("127.0.0.1:6688 is exposed (http) for port 17211 of remote demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--server.port=x", "--server.ssl.bundle=none", "--portproxy.worker=1"})
    void findsWhatIsWrongWithTheAdminApiAndKeys(String option, CapturedOutput output) {
        assertThat(run("check", "--spring.profiles.active=demo", option)).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("The check has found something wrong.\n")
                .contains(option.substring(2, option.indexOf('=')), "What to do:")
                .doesNotContain("\tat ");
        assertThat(output + out.toString()).isEmpty();
    }

    @Test
    void makesTokensThatDiffer() {
        run("token");
        run("token");

        assertThat(out.toString().lines())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(token -> assertThat(token).matches("[0-9a-f]{64}"));
    }

    @Test
    void hashesThePasswordOfTheInput() {
        input = "pass phrase\n";

        assertThat(run("hash-password")).isZero();

        String hash = out.toString().strip();
        assertThat(hash).startsWith("{bcrypt}");
        assertThat(new BCryptPasswordEncoder().matches("pass phrase", hash.substring("{bcrypt}".length())))
                .isTrue();
    }

    @Test
    void asksTwiceForAPasswordAtATerminal() {
        List<String> typed = new ArrayList<>(List.of("first-password", "other-password"));
        prompt = Optional.of(question -> typed.remove(0));

        assertThat(run("hash-password")).isEqualTo(2);

        assertThat(err.toString()).contains("passwords differ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "0123456789012345678901234567890123456789012345678901234567890123456789012"})
    void refusesPasswordsThatAreTooShortOrTooLong(String password) {
        input = password;

        assertThat(run("hash-password")).isEqualTo(2);

        assertThat(err.toString()).contains("the password is").doesNotContain(password);
    }
}
