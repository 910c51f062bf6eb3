package io.portproxy.store;

import static io.portproxy.store.TestRemotes.port;
import static io.portproxy.store.TestRemotes.remote;
import static io.portproxy.store.TestRemotes.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.portproxy.it.PostgresServer;
import io.portproxy.manage.Accounts;
import io.portproxy.manage.ApiToken;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.StoredUser;
import io.portproxy.store.CannotOpenException.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the store when PostgreSQL is away, comes back, or is not in the expected state. */
class DatabaseAwayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static PostgresServer server;

    @TempDir
    private Path folder;

    private JdbcRemoteStore store;
    private boolean stopped;

    private final StoredRemote home = new StoredRemote(
            remote("home", port("ssh", 6689)).definition(), List.of(token("id", "laptop", Optional.empty())));

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start(DatabaseAwayIT.class);
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void beginEmpty() throws SQLException {
        server.execute("drop schema public cascade");
        server.execute("create schema public");
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
        if (stopped) {
            comesBack();
        }
    }

    private void goesAway() {
        server.stop();
        stopped = true;
    }

    private void comesBack() throws Exception {
        server.start();
        stopped = false;
    }

    private void start() {
        start(TestDatabases.external(server.url()));
    }

    private void start(ExternalDatabase database) {
        store = (JdbcRemoteStore)
                JdbcRemoteStore.start(new StoreSettings(StoreSettings.Mode.AUTO, folder, true, Optional.of(database)));
    }

    private void restart() {
        store.close();
        store = null;
        start();
    }

    private Path snapshot() {
        return folder.resolve("snapshot.json");
    }

    @Test
    void refusesChangesWhileItIsAwayAndGoesOnByItself() throws Exception {
        start();
        store.save(List.of(home), List.of());
        goesAway();

        assertThatThrownBy(() -> store.save(List.of(remote("other")), List.of()))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .hasMessageContaining("cannot be reached")
                .message()
                .doesNotContain(PostgresServer.PASSWORD);
        assertThatThrownBy(() -> store.checkKeeps())
                .as("a dry run is told, too")
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be reached");
        assertThat(store.state().kind()).isEqualTo(StoreState.Kind.DATABASE);
        assertThat(store.state().trouble()).isPresent();
        assertThat(store.lastUsed()).isEmpty();

        comesBack();
        await().atMost(PATIENCE).until(() -> store.state().trouble().isEmpty());
        store.checkKeeps();
        store.save(List.of(remote("other")), List.of());
        assertThat(store.load()).containsExactly(home, remote("other"));
    }

    @Test
    void startsWithItsSnapshotAndConnectsWhenItIsBack() throws Exception {
        start();
        store.load();
        store.save(List.of(home, remote("other")), List.of());
        store.save(List.of(), List.of("other"));
        store.close();
        goesAway();

        start();

        assertThat(store.load()).containsExactly(home);
        assertThatThrownBy(() -> store.save(List.of(remote("x")), List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("started without the database", "snapshot");
        assertThat(store.state().trouble()).isPresent();

        comesBack();
        await().atMost(PATIENCE).until(() -> store.state().trouble().isEmpty());
        store.save(List.of(remote("x")), List.of());
        assertThat(store.load()).containsExactly(home, remote("x"));
        restart(); // the snapshot has all remotes, not only those added after the reconnect
        assertThat(Files.readString(snapshot())).contains("\"home\"", "\"x\"");
    }

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Accounts ACCOUNTS = new Accounts(
            List.of(new StoredUser("anna", "admin", "{bcrypt}$2a$10$hash-of-anna", NOON)),
            List.of(new ApiToken("0123", "ci", "viewer", "ab".repeat(32), NOON, Optional.of(NOON.plusSeconds(1)))));

    @Test
    void letsInWhomItsSnapshotKnowsAndChangesNoneOfThem() throws Exception {
        start();
        store.load();
        store.saveAccounts(ACCOUNTS);
        store.close();
        goesAway();

        start();

        assertThat(store.loadAccounts()).isEqualTo(ACCOUNTS);
        assertThatThrownBy(() -> store.saveAccounts(Accounts.NONE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("users cannot be changed");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snapshot())))
                .isEqualTo("rw-------");

        comesBack();
        await().atMost(PATIENCE).until(() -> store.state().trouble().isEmpty());
        store.saveAccounts(new Accounts(ACCOUNTS.users(), List.of()));
        assertThat(store.loadAccounts().users()).isEqualTo(ACCOUNTS.users());
        restart();
        assertThat(Files.readString(snapshot())).contains("anna").doesNotContain("\"ci\"");
    }

    @Test
    void doesNotWriteToADatabaseThatComesBackWithOtherUsers() throws Exception {
        start();
        store.load();
        store.saveAccounts(ACCOUNTS);
        store.close();
        server.execute("update admin_user set role = 'viewer'");
        goesAway();
        start();
        comesBack();

        await().atMost(PATIENCE).until(() -> store.state().trouble().orElse("").contains("other remotes or users"));
        assertThatThrownBy(() -> store.saveAccounts(ACCOUNTS)).isInstanceOf(StoreException.class);
        restart();
        assertThat(store.loadAccounts().users()).extracting(StoredUser::role).containsExactly("viewer");
    }

    @Test
    void doesNotWriteToADatabaseThatComesBackWithOtherRemotes() throws Exception {
        start();
        store.load();
        store.save(List.of(home), List.of());
        store.close();
        server.execute("update remote set description = 'by hand'");
        goesAway();
        start();
        comesBack();

        await().atMost(PATIENCE).until(() -> store.state().trouble().orElse("").contains("other remotes"));
        assertThatThrownBy(() -> store.save(List.of(), List.of("home")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("restart the server");

        restart();
        assertThat(store.load())
                .extracting(each -> each.definition().description())
                .containsExactly("by hand");
    }

    @Test
    void refusesASnapshotWhoseChecksumIsWrongAndKeepsIt() throws Exception {
        start();
        store.load();
        store.save(List.of(home), List.of());
        store.close();
        store = null;
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snapshot())))
                .isEqualTo("rw-------");
        String bad = Files.readString(snapshot()).replace("6689", "6690");
        Files.writeString(snapshot(), bad);
        goesAway();

        CannotOpenException failure = refusal(TestDatabases.external(server.url()));

        assertThat(failure.mayPass()).isTrue();
        assertThat(failure)
                .hasMessageContainingAll("cannot be reached", snapshot().toString(), "checksum is wrong");
        assertThat(snapshot()).hasContent(bad);

        comesBack();
        start();
        assertThat(store.load()).containsExactly(home);
        await().atMost(PATIENCE).until(() -> Files.readString(snapshot()).contains("6689"));
    }

    private CannotOpenException refusal(ExternalDatabase database) {
        return catchThrowableOfType(CannotOpenException.class, () -> start(database));
    }

    @Test
    void doesNotStartWithoutItAndWithoutASnapshot() {
        goesAway();

        CannotOpenException failure = refusal(TestDatabases.external(server.url()));

        assertThat(failure.kind()).isEqualTo(Cause.AWAY);
        assertThat(failure.mayPass()).isTrue();
        assertThat(failure).hasMessageContaining("cannot be reached");
    }

    @Test
    void saysWhenItIsNotLetIn() {
        CannotOpenException failure = refusal(TestDatabases.external(server.url(), "Sesame-wrong-0123456789"));

        assertThat(failure.kind()).isEqualTo(Cause.REFUSED);
        assertThat(failure.mayPass()).isFalse();
        assertThat(failure)
                .hasMessageContainingAll("does not let PortProxy in", "spring.datasource.password")
                .message()
                .doesNotContain("Sesame");
    }

    @Test
    void saysWhenThereIsNoSuchDatabase() {
        CannotOpenException failure =
                refusal(TestDatabases.external(server.url().replace("/postgres", "/nowhere")));

        assertThat(failure.kind()).isEqualTo(Cause.REFUSED);
        assertThat(failure).hasMessageContainingAll("nowhere", "make the database");
    }

    @Test
    void leavesTablesOfOthersAlone() throws SQLException {
        server.execute("create table theirs (id integer)");

        CannotOpenException failure = refusal(TestDatabases.external(server.url()));

        assertThat(failure.kind()).isEqualTo(Cause.CONTENT);
        assertThat(failure).hasMessageContainingAll("not PortProxy's", "schema of its own");
    }

    @Test
    void refusesTablesOfANewerVersion() throws SQLException {
        start();
        store.close();
        store = null;
        server.execute(
                "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success) values (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, true)");

        CannotOpenException failure = refusal(TestDatabases.external(server.url()));

        assertThat(failure.kind()).isEqualTo(Cause.CONTENT);
        assertThat(failure).hasMessageContaining("newer version");
    }

    @Test
    void showsNoPasswordOfItsUrl() {
        assertThat(ExternalDatabase.where(
                        "jdbc:postgresql://ann:Sesame-1@db.example.net:5432/pp?user=ann&password=Sesame-2"))
                .isEqualTo("jdbc:postgresql://db.example.net:5432/pp");
    }
}
