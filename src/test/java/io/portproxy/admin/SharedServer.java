package io.portproxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient.Answer;
import io.portproxy.config.Started;
import io.portproxy.config.process.LogQueue;
import io.portproxy.manage.Accounts;
import io.portproxy.manage.ApiToken;
import io.portproxy.manage.StoredUser;
import io.portproxy.testing.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * A server that the tests of a class share, because a start takes long. After each test it is again as it was at the start: its file
 * is put back, and the store's remotes, gateways, users and tokens are removed through the API. Counters and events stay.
 *
 * <p>Register it in a static field. It then comes after {@code OutputCaptureExtension}, so that what it logs after a test belongs to
 * that test.
 */
public final class SharedServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final String DESIRED = "/api/v1/config/desired";

    private final Configuration configuration;
    private MemoryStore store;
    private Path folder;
    private String yaml;
    private ConfigurableApplicationContext context;

    /** Makes the text of the configuration file. */
    @FunctionalInterface
    public interface Configuration {
        /**
         * Returns the text.
         *
         * @param folder the folder of the file, for other files that it names
         */
        String in(Path folder) throws IOException;
    }

    /**
     * Makes a server that starts before the first test of the class.
     *
     * @param configuration the file without users; they are those of {@link AdminClient#USERS}
     */
    public SharedServer(Configuration configuration) {
        this.configuration = configuration;
    }

    /** @param more the file without users; they are those of {@link AdminClient#USERS} */
    public SharedServer(String more) {
        this(folder -> more);
    }

    @Override
    public void beforeAll(ExtensionContext tests) throws IOException {
        folder = Files.createTempDirectory("shared-server");
        store = new MemoryStore(); // failed tests may run once more
        yaml = AdminClient.USERS + configuration.in(folder);
        context = Started.withAdmin(folder, yaml, store, "--spring.profiles.active=server");
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /** Returns the store of the server. It is empty when a test begins. */
    public MemoryStore store() {
        return store;
    }

    /** Returns the folder of the configuration file. */
    public Path folder() {
        return folder;
    }

    /** Returns the configuration file. */
    public Path file() {
        return folder.resolve("test.yml");
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        store.recover();
        if (!Files.exists(file()) || !Files.readString(file()).equals(yaml)) {
            Files.writeString(file(), yaml);
            assertIsDone(AdminClient.ALICE.send(context, "POST", "/api/v1/config/reload"));
        }
        if (!store.load().isEmpty() || !store.loadGateways().isEmpty()) {
            await().untilAsserted(this::assertIsEmptied);
        }
        for (StoredUser user : store.loadAccounts().users()) {
            remove("/api/v1/users/" + user.name());
        }
        for (ApiToken token : store.loadAccounts().tokens()) {
            remove("/api/v1/api-tokens/" + token.id());
        }
        assertThat(store.loadAccounts()).isEqualTo(Accounts.NONE);
        await().until(context.getBean(LogQueue.class)::hasWrittenAll);
    }

    private void assertIsEmptied() throws Exception {
        assertIsDone(AdminClient.ALICE.sendJson(
                context, "PUT", DESIRED + "?drain=0s", "{\"gateways\": [], \"remotes\": []}", "If-Match", "*"));
        assertThat(store.load()).isEmpty();
        assertThat(store.loadGateways()).isEmpty();
    }

    private void remove(String path) {
        await().untilAsserted(() -> assertIsDone(AdminClient.ALICE.delete(context, path, "If-Match", "*")));
    }

    private static void assertIsDone(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        context.close();
        FileSystemUtils.deleteRecursively(folder);
    }
}
