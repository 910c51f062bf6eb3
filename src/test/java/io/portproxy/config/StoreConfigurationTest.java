package io.portproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portproxy.config.problem.StartFailure;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import io.portproxy.metrics.StoreHealth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests how properties become a store, and what a start reports about a store that it cannot use. */
class StoreConfigurationTest {
    private static final String SERVER = """
        portproxy:
          workers: 1
          server: {bind: "127.0.0.1:0", proxy: [{remote-name: home, port-list: [{bind: 0, remote: 1}]}]}
        """;
    private static final String ROLE = "--spring.profiles.active=server";

    @TempDir
    private Path folder;

    private String data() {
        return "--portproxy.data=" + folder.resolve("data");
    }

    @Test
    void keepsWhatIsSavedOverARestart() {
        StoredRemote remote = new StoredRemote(new RemoteDefinition("office", "", true, false, List.of()), List.of());
        try (ConfigurableApplicationContext context = Started.with(folder, SERVER, ROLE, data())) {
            context.getBean(RemoteStore.class).save(List.of(remote), List.of());
        }
        try (ConfigurableApplicationContext context = Started.with(folder, SERVER, ROLE, data())) {
            assertThat(context.getBean(RemoteStore.class).load()).containsExactly(remote);
            assertThat(context.getBeanNamesForType(DataSource.class)).isEmpty();
            assertThat(context.getBean(StoreHealth.class).health().getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void hasNoneWithoutTheServersRole() {
        try (ConfigurableApplicationContext context =
                Started.with(folder, """
                portproxy:
                  workers: 1
                  client: {name: home, server: "127.0.0.1:1", allow: ["127.0.0.1:1"]}
                """, "--spring.profiles.active=client", data())) {
            assertThat(context.getBeanNamesForType(RemoteStore.class)).isEmpty();
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void startsNothingWhereNobodyWantsAStore() {
        try (ConfigurableApplicationContext context =
                Started.with(folder, SERVER, ROLE, data(), "--portproxy.store=none")) {
            assertThat(context.getBean(RemoteStore.class).state().kind()).isEqualTo(StoreState.Kind.NONE);
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void namesPropertyFileAndFixOfADamagedFile() throws Exception {
        Path file = Files.createDirectory(folder.resolve("data")).resolve("portproxy.mv.db");
        Files.writeString(file, "no database\n".repeat(2000));

        Throwable failure =
                catchThrowable(() -> Started.with(folder, SERVER, ROLE, data()).close());

        assertThat(StartFailure.exitCode(failure)).isEqualTo(StartFailure.WRONG_CONFIGURATION);
        assertThat(Started.analysis(failure).getDescription())
                .contains("portproxy.data", folder.resolve("data").toString(), "cannot be read");
        assertThat(Started.analysis(failure).getAction()).contains("restore a backup of " + file);
    }

    /** Nothing listens on port 1. */
    @Test
    void endsWithACodeForAnotherTryWithoutItsDatabaseAndShowsNoPassword() {
        Throwable failure = catchThrowable(() -> Started.with(
                        folder,
                        SERVER,
                        ROLE,
                        data(),
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/pp?user=ann&password=Sesame-0123456789",
                        "--spring.datasource.password=Sesame-0123456789")
                .close());

        assertThat(StartFailure.exitCode(failure)).isEqualTo(StartFailure.FAILED);
        assertThat(Started.analysis(failure).getDescription())
                .contains("spring.datasource.url", "jdbc:postgresql://127.0.0.1:1/pp", "cannot be reached")
                .doesNotContain("Sesame");
    }

    @Test
    void refusesAnotherDatabase() {
        assertThat(Started.failure(
                                folder,
                                SERVER,
                                ROLE,
                                "--spring.datasource.url=jdbc:mysql://db.example.net/pp?password=Sesame-0123456789")
                        .getDescription())
                .contains("spring.datasource.url", "is not the URL of a PostgreSQL")
                .doesNotContain("Sesame");
    }
}
