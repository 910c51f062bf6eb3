package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests tokens from the environment and from files, and a token that replaces another. */
class TokensIT {
    private static final String OLD = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private static final String NEW = "f0e1d2c3b4a5968778695a4b3c2d1e0f";
    private static final String WRONG = "00112233445566778899aabbccddeeff";
    private static final String BOTH = "\"${OLD_TOKEN}\", \"${new-token}\"";
    private static final String NEW_ONLY = "\"${new-token}\"";

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    private final Target echo = Target.echo();
    private final int tunnel = FreePorts.find();
    private final int exposed = FreePorts.find();
    private Path secrets;

    /** Writes secrets as Kubernetes mounts them: one file each, usually with a line end behind the token. */
    @BeforeEach
    void writeSecrets() throws IOException {
        secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("new-token"), NEW + "\n");
        Files.writeString(secrets.resolve("portproxy.client.token"), NEW + "\n");
    }

    @AfterEach
    void stopTarget() throws IOException {
        echo.close();
    }

    private Child startServer(String tokens) throws IOException {
        String yaml = """
                spring.config.import: "configtree:%s/"
                portproxy:
                  server:
                    bind: 127.0.0.1:%d
                    on-duplicate: balance
                    proxy:
                      - remote_name: r
                        tokens: [%s]
                        port_list: [{bind: %d, remote: %d}]
                """.formatted(secrets, tunnel, tokens, exposed, echo.port());
        return start("server", yaml, Map.of("OLD_TOKEN", OLD));
    }

    private Child startClient(String more, Map<String, String> environment) throws IOException {
        String yaml = """
                portproxy.client:
                  name: r
                  server: 127.0.0.1:%d
                  reconnect: {initial: 1ms, max: 1ms}
                """.formatted(tunnel) + more;
        return start("client", yaml, environment);
    }

    /** Starts a process that logs every line that it can. */
    private Child start(String role, String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, role, ".yaml"), yaml);
        List<String> command = PortProxy.command(role, file);
        command.add("--logging.level.root=trace");
        if (role.equals("client")) {
            command.add(PortProxy.WITHOUT_ADMIN);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return children.start(builder);
    }

    private Child startClientWithOldToken() throws IOException {
        return startClient("", Map.of("PORTPROXY_CLIENT_TOKEN", OLD));
    }

    private Child startClientWithNewToken() throws IOException {
        return startClient("spring.config.import: \"configtree:" + secrets + "/\"\n", Map.of());
    }

    private static void assertNoTokenIsShown(Child... processes) {
        assertThat(Arrays.stream(processes).map(Child::output))
                .allSatisfy(output -> assertThat(output).isNotEmpty().doesNotContain(OLD, NEW, WRONG));
    }

    @Test
    void oneTakesAnothersPlaceWithoutAnybodyBeingCutOff() throws Exception {
        Child server = startServer(BOTH);
        Child old = startClientWithOldToken().awaitOutput(PortProxy.UP);
        Child fresh = startClientWithNewToken().awaitOutput(PortProxy.UP);
        server.awaitOutput(PortProxy.CONNECTED, 2);
        for (int instance = 0; instance < 2; instance++) {
            assertThat(EchoUser.isServed(exposed)).isTrue();
        }
        assertThat(server.countLines(PortProxy.DISCONNECTED)).isZero();
        server.kill();

        Child restarted = startServer(NEW_ONLY);

        restarted.awaitOutput(PortProxy.CONNECTED);
        restarted.awaitOutput("is configured, but the remote has another token");
        assertThat(restarted.countLines(PortProxy.CONNECTED))
                .as("only the new token counts")
                .isEqualTo(1);
        await().until(() -> EchoUser.isServed(exposed));
        assertNoTokenIsShown(server, old, fresh, restarted);
    }

    @Test
    void aWrongOneIsToldOnceByEachSideAndNeverShown() throws Exception {
        Child server = startServer(BOTH).awaitOutput(PortProxy.STARTED);

        Child wrong = startClient("", Map.of("PORTPROXY_CLIENT_TOKEN", WRONG));

        String refusal = "refused: remote name \"r\" is configured, but the remote has another token";
        server.awaitOutput(refusal, 2); // the second line belongs to the second attempt
        wrong.awaitOutput("WARN ");
        assertThat(wrong.output().lines().filter(line -> line.contains(" WARN ")))
                .singleElement()
                .asString()
                .contains("no tunnel to 127.0.0.1:" + tunnel + " as remote r: the server refuses: denied: ")
                .contains("the remote name or its token is wrong", "and so on");
        assertThat(server.output()).doesNotContain(PortProxy.CONNECTED);
        assertNoTokenIsShown(server, wrong);
    }
}
