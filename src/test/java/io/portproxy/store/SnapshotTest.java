package io.portproxy.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.StoredRemote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests the snapshot file, which has what a start needs from a database, in the formats of this version and of others. */
class SnapshotTest {
    @TempDir
    private Path folder;

    private Snapshot snapshot;

    @BeforeEach
    void name() {
        snapshot = new Snapshot(folder);
    }

    private static Content content(StoredRemote... remotes) {
        return new Content(List.of(), List.of(remotes), Accounts.NONE);
    }

    @Test
    void hasWhatIsDoneWithRequests() throws Exception {
        Content content =
                content(TestRemotes.remote("home", TestRemotes.port("web", 8080).withHttp(TestRemotes.http())));

        snapshot.write(content);

        assertThat(snapshot.read()).isEqualTo(content);
    }

    @Test
    void hasGateways() throws Exception {
        Content content = new Content(
                List.of(TestRemotes.gateway("tls"), TestRemotes.plainGateway("web", "0.0.0.0:80")),
                List.of(),
                Accounts.NONE);

        snapshot.write(content);

        assertThat(snapshot.read()).isEqualTo(content);
    }

    @Test
    void ofVersionsBeforeIsReadAndAnUnknownOneIsNot() throws Exception {
        StoredRemote remote = TestRemotes.remote("home", TestRemotes.port("ssh", 6689));
        Content content = content(new StoredRemote(
                remote.definition()
                        .withHosts(
                                List.of(TestRemotes.host("app.example.com", 80).withHttp(TestRemotes.http()))),
                remote.tokens()));
        snapshot.write(content);
        String written = Files.readString(snapshot.path());
        JsonNode all = JsonMapper.shared().readTree(written);
        all.get("content")
                .get("remotes")
                .get(0)
                .get("definition")
                .get("ports")
                .forEach(port -> ((ObjectNode) port).remove(List.of("http", "users")));
        JsonNode host = all.get("content")
                .get("remotes")
                .get(0)
                .get("definition")
                .get("hosts")
                .get(0);
        ObjectNode http = (ObjectNode) host.get("http");
        List.of("hostHeader", "forwardedHeaders", "trustedProxies", "maxRequestHead")
                .forEach(name -> ((ObjectNode) host).set(name, http.remove(name)));
        ((ObjectNode) all.get("content")).remove("gateways");
        String body = all.get("content").toString();
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8)));

        for (int older : new int[] {2, 3, 5}) {
            Files.writeString(
                    snapshot.path(),
                    "{\"version\":" + older + ",\"sha256\":\"" + sha256 + "\",\"content\":" + body + "}\n");
            assertThat(snapshot.read()).isEqualTo(content);
        }

        for (int unknown : new int[] {1, 8}) {
            Files.writeString(snapshot.path(), written.replace("{\"version\":7", "{\"version\":" + unknown));
            assertThatThrownBy(snapshot::read)
                    .isInstanceOf(Snapshot.UnusableException.class)
                    .hasMessageContaining("another version");
        }
    }
}
