package io.portproxy.admin.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.admin.SharedServer;
import io.portproxy.testing.MemoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests the quotas of a remote, its ports and hosts while the server runs. */
@ExtendWith(OutputCaptureExtension.class)
class QuotaSettingsTest {
    private static final String REMOTES = "/api/v1/remotes";
    private static final String HOME = REMOTES + "/home";
    private static final String PORT = HOME + "/ports/ssh";
    private static final String HOST = HOME + "/hosts/app.example.com";
    private static final String EXPORT = "/api/v1/config/export";
    private static final String DESIRED = "/api/v1/config/desired";
    private static final String QUOTA = "\"quota\": {\"bytes\": \"100GB\", \"per\": \"day\"}";
    private static final String SHOWN = "\"quota\":{\"bytes\":\"100GB\",\"per\":\"day\"}";

    @RegisterExtension
    static final SharedServer SHARED = ManagedServer.shared();

    @TempDir
    private Path folder;

    private final MemoryStore store = SHARED.store();
    private ManagedServer server = new ManagedServer(SHARED);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void isShownWhereItIsSaidAndNowhereElse(CapturedOutput output) throws Exception {
        server.addAll(QUOTA);
        for (String path :
                new String[] {REMOTES, HOME, HOME + "/ports", PORT, HOME + "/hosts", HOST, DESIRED, EXPORT}) {
            assertThat(server.get(path)).as(path).contains(SHOWN);
        }
        assertThat(output).contains("quota 100GB per day");
        for (String path : new String[] {HOME, PORT, HOST}) {
            server.done("PATCH", path, "{\"quota\": null}");
        }
        assertThat(server.get(EXPORT)).doesNotContain("quota");
    }

    @Test
    void whatItHasComeToIsShown() throws Exception {
        server.addAll(QUOTA);
        assertThat(server.get(HOME))
                .contains("\"quotas\":[{\"port\":null,\"bytes\":107374182400,\"used\":0,\"per\":\"day\",\"resets\":")
                .contains("\"port\":\"app.example.com\"");
        server.done("PATCH", HOME, "{\"quota\": null}");
        assertThat(server.get(HOME)).doesNotContain("\"port\":null");
    }

    @Test
    void whatIsSentBackChangesNothing() throws Exception {
        server.addAll(QUOTA);
        String export = server.get(EXPORT);
        for (String path : new String[] {HOME, PORT, HOST, DESIRED}) {
            assertThat(server.done("PUT", path, server.get(path)).body())
                    .as(path)
                    .contains("\"changed\":[]");
        }
        server.done("PUT", DESIRED, export);
        assertThat(server.get(EXPORT)).isEqualTo(export);
    }

    @Test
    void allThatIsWrongIsToldWithWhereItIs() throws Exception {
        Answer wrong = server.send("POST", REMOTES, """
                {"name": "home", "quota": {"bytes": "many"},
                 "ports": [{"bind": 1, "remote": 22, "quota": {"bytes": "1GB", "per": "week"}},
                           {"bind": 2, "remote": 22, "quota": {"bytes": "1B"}}],
                 "hosts": [{"host": "app.example.com", "remote": 8000, "quota": {}}]}""");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.texts("errors[*].pointer"))
                .containsExactlyInAnyOrder(
                        "/quota/bytes", "/ports/0/quota/per", "/ports/1/quota/bytes", "/hosts/0/quota/bytes");
        assertThat(wrong.body())
                .contains("is not a size", "write hour, day or month", "write 1KB to 1000000TB", "such as 100GB");

        Answer types = server.send("POST", REMOTES, """
                {"name": "home", "quota": {"bytes": "1GB", "of": 1},
                 "ports": [{"bind": 1, "remote": 22, "quota": ["1GB"]}]}""");
        assertThat(types.texts("errors[*].pointer")).containsExactlyInAnyOrder("/quota/of", "/ports/0/quota");
    }

    @Test
    void theStoreAndAnExportedFileHaveThem() throws Exception {
        server.addAll(QUOTA);
        String shown = server.get(HOME + "/ports") + server.get(HOME + "/hosts");
        String yaml = server.get(EXPORT + ".yml");
        server.close();

        server = new ManagedServer(folder.resolve("again"), "", store);
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
        assertThat(server.get(HOME)).contains(SHOWN);
        server.close();

        Path file = Files.writeString(folder.resolve("exported.yml"), yaml);
        server = new ManagedServer(folder.resolve("filed"), "spring.config.import: " + file + "\n", new MemoryStore());
        assertThat(server.get(HOME + "/ports") + server.get(HOME + "/hosts")).isEqualTo(shown);
        assertThat(server.get(HOME)).contains(SHOWN);
    }
}
