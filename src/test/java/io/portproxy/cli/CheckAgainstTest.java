package io.portproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.SharedServer;
import io.portproxy.testing.RawTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the report of what a file would change at a running server. */
class CheckAgainstTest {
    private static final String BEFORE = """
        portproxy.server:
          bind: 127.0.0.1:0
          proxy:
            - {remote-name: home, tokens: [0123456789abcdef-x], port-list: [{name: ssh, bind: 0, remote: 22}]}
            - {remote-name: office, port-list: [{bind: 0, remote: 80, type: http, host-header: rewrite}]}
            - {remote-name: same, description: as it was, port-list: [{bind: 0, remote: 'db:5432', enabled: false}]}
        """;

    @RegisterExtension
    static final SharedServer SHARED = new SharedServer(BEFORE);

    @TempDir
    private Path folder;

    private final ConfigurableApplicationContext server = SHARED.context();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>(Map.of("PORTPROXY_PASSWORD", "alice-secret"));

    /** Changes the file of the server. */
    private void declare(String yaml) throws Exception {
        Files.writeString(SHARED.file(), AdminClient.USERS + yaml);
        assertThat(AdminClient.ALICE
                        .send(server, "POST", "/api/v1/config/reload")
                        .status())
                .isEqualTo(200);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port");
    }

    private int check(String yaml, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("next.yml"), yaml);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "check";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[options.length + 1] = "--spring.profiles.active=server";
        arguments[options.length + 2] = "--spring.config.additional-location=" + file;
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                environment,
                Optional.empty());
        return Commands.run(arguments, console, launch -> {});
    }

    @Test
    void saysWhatTheFileWouldChange() throws Exception {
        AdminClient.ALICE.sendJson(server, "POST", "/api/v1/remotes", "{\"name\": \"kept\"}");
        String next = BEFORE.replace("remote: 22", "remote: 2222")
                .replace("office", "shop")
                .concat("    - {remote-name: kept, port-list: []}\n");

        assertThat(check(next, "--against", url() + "/", "--user=alice"))
                .as(err::toString)
                .isZero();

        assertThat(out.toString().substring(out.toString().indexOf("At http")))
                .contains("changed: home/ssh", "added: shop\n", "added: shop/0", "removed: office\n", "added: kept\n")
                .contains("WARNING: its store has a remote kept")
                .doesNotContain("same");
    }

    @Test
    void saysWhichGatewaysTheFileWouldChange() throws Exception {
        AdminClient.ALICE.sendJson(server, "PUT", "/api/v1/gateways/kept", "{\"bind\": \"127.0.0.1:0\"}");
        String gateways = "  gateways: [{name: web, bind: '127.0.0.1:0', max-pending: 7, request-timeout: 7s}]\n";
        declare(BEFORE + gateways);

        assertThat(check(BEFORE + gateways, "--against", url(), "--user=alice")).isZero();
        assertThat(out.toString()).endsWith("declare:\n  nothing\n");
        String next = gateways.replace("7s", "8s").replace("}]", "}, {name: kept, bind: '127.0.0.1:0'}]");
        assertThat(check(BEFORE + next, "--against", url(), "--user=alice")).isZero();

        assertThat(out.toString())
                .contains("changed: gateway web\n", "added: gateway kept\n", "WARNING: its store has a gateway kept");
    }

    @Test
    void saysThatNothingWouldChange() throws Exception {
        assertThat(check(BEFORE, "--against", url(), "--user=alice")).isZero();

        assertThat(out.toString()).endsWith("this would change of what files declare:\n  nothing\n");
    }

    @Test
    void comparesWhatIsDoneWithRequestsButNoSecrets() throws Exception {
        String http = """
                    - remote-name: web
                      port-list:
                        - bind: 0
                          remote: 80
                          type: http
                          name: app
                          response-timeout: 30s
                          headers: {request: {set: {X-Key: sesame}}, response: {remove: [Server]}}
                          hsts: {max-age: 365d}
                          auth: {basic: {users: [{name: ann, password: '{noop}ann-secret'}], except: [/health]}}
                """;
        declare(BEFORE + http);

        assertThat(check(BEFORE + http, "--against", url(), "--user=alice"))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).endsWith("this would change of what files declare:\n  nothing\n");
        for (String[] change : List.of(
                new String[] {"30s", "31s"},
                new String[] {"X-Key", "X-Other"},
                new String[] {"[Server]", "[Via]"},
                new String[] {"365d", "364d"},
                new String[] {"name: ann", "name: bob"},
                new String[] {"/health", "/public"})) {
            out.getBuffer().setLength(0);
            assertThat(check(BEFORE + http.replace(change[0], change[1]), "--against", url(), "--user=alice"))
                    .as(err::toString)
                    .isZero();
            assertThat(out.toString()).as(change[1]).endsWith("\n  changed: web/app\n");
        }
        assertThat(out.toString()).doesNotContain("sesame", "ann-secret");
    }

    @Test
    void saysWhyTheServerDoesNotAnswer() throws Exception {
        assertThat(check(BEFORE, "--against", url(), "--user=carol")).isEqualTo(2);
        assertThat(err.toString()).contains("does not know the user carol with that password");
        assertThat(check(BEFORE, "--against", "http://127.0.0.1:" + RawTarget.refusingPort()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("nobody answers at");
        assertThat(check(BEFORE, "--against", url() + "/actuator", "--user=alice"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("answers 404");
        assertThat(check(BEFORE, "--against", "localhost")).isEqualTo(2);
        assertThat(err.toString()).contains("localhost is no URL");
        environment.clear();
        assertThat(check(BEFORE, "--against", url())).isEqualTo(2);
        assertThat(err.toString()).contains("a password is missing").doesNotContain("alice-secret");
    }

    @Test
    void aWrongFileIsToldAsEver() throws Exception {
        assertThat(check(BEFORE.replace("remote: 22", "remote: 0"), "--against", url(), "--user=alice"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("port-list[0].remote");
        assertThat(out.toString()).doesNotContain("this would change");
    }
}
