package io.portproxy.store;

import static io.portproxy.store.TestRemotes.port;
import static io.portproxy.store.TestRemotes.remote;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.NoStoreException;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.RemoteStore;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import io.portproxy.store.CannotOpenException.Cause;
import io.portproxy.store.StoreSettings.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the file of the embedded database: when it is created, which failures it survives, and the messages when it cannot be used. */
class StoreFileTest {
    private static final int ROUNDS = 4;

    @TempDir
    private Path parent;

    private Path folder;
    private final List<JdbcRemoteStore> open = new ArrayList<>();

    @BeforeEach
    void nameTheFolder() {
        folder = parent.resolve("data of one, 100 %");
    }

    @AfterEach
    void close() {
        open.forEach(JdbcRemoteStore::close);
    }

    private RemoteStore start(Mode mode, boolean asked) {
        RemoteStore store = JdbcRemoteStore.start(new StoreSettings(mode, folder, asked, Optional.empty()));
        if (store instanceof JdbcRemoteStore closeable) {
            open.add(closeable);
        }
        return store;
    }

    private Path file() {
        return folder.resolve("portproxy.mv.db");
    }

    private void fill() {
        start(Mode.AUTO, true).save(List.of(remote("home", port("ssh", 6689))), List.of());
        close();
        open.clear();
    }

    @Test
    void opensTheFileAgainWhenItCouldNotBeWritten() throws SQLException {
        RemoteStore store = start(Mode.AUTO, true);
        store.save(List.of(remote("home", port("ssh", 6689))), List.of());
        endTheDatabaseBelowTheStore();

        assertThatThrownBy(() -> store.save(List.of(remote("refused", port("ssh", 6690))), List.of()))
                .isInstanceOf(StoreException.class);
        assertThat(store.state().trouble()).isPresent();

        store.save(List.of(remote("office", port("ssh", 6691))), List.of());
        assertThat(store.state().trouble()).isEmpty();
        assertThat(store.load()).extracting(StoredRemote::name).containsExactly("home", "office");
    }

    /** Closes the database, as H2 does when it can no longer write the file. */
    private void endTheDatabaseBelowTheStore() throws SQLException {
        String url = "jdbc:h2:file:" + folder.resolve("portproxy") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("shutdown immediately");
        }
    }

    @Test
    void makesNothingBeforeTheFirstChange() {
        RemoteStore store = start(Mode.AUTO, false);

        assertThat(store.load()).isEmpty();
        assertThat(store.lastUsed()).isEmpty();
        store.saveLastUsed(Map.of("id", Instant.EPOCH));
        assertThat(store.state())
                .isEqualTo(new StoreState(StoreState.Kind.EMBEDDED, file().toString(), Optional.empty()));
        assertThat(folder).doesNotExist();

        store.save(List.of(remote("home")), List.of());
        assertThat(store.load()).containsExactly(remote("home"));
        assertThat(file()).exists();
    }

    @Test
    void letsNobodyElseReadIt() throws IOException {
        fill();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void declinesAChangeWhereNobodyWantsAStore() {
        RemoteStore store = start(Mode.NONE, false);

        assertThatThrownBy(() -> store.save(List.of(remote("home")), List.of()))
                .isInstanceOf(NoStoreException.class)
                .hasMessageContainingAll("portproxy.store is none", "portproxy.data", "spring.datasource.url");
        assertThat(store.state().kind()).isEqualTo(StoreState.Kind.NONE);
        assertThat(store.load()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    /** Uses a file in place of the folder, because root may write to any folder. */
    @Test
    void goesWithoutAFolderThatNobodyAskedFor() throws IOException {
        Files.writeString(folder, "");

        RemoteStore store = start(Mode.AUTO, false);

        assertThat(store.state().kind()).isEqualTo(StoreState.Kind.NONE);
        assertThatThrownBy(() -> store.save(List.of(remote("home")), List.of()))
                .isInstanceOf(NoStoreException.class)
                .hasMessageContainingAll(folder.toString(), "is no folder", "set portproxy.data");
        assertThat(new StoreSettings(Mode.AUTO, folder, false, Optional.empty()).describe())
                .contains("remotes come from files only", "is no folder");
    }

    @Test
    void refusesAFolderThatWasAskedForAndCannotBeMade() throws IOException {
        Files.writeString(folder, "");

        CannotOpenException failure = refusal();

        assertThat(failure.kind()).isEqualTo(Cause.FOLDER);
        assertThat(failure.mayPass()).isFalse();
        assertThat(failure.reason()).isEqualTo("is no folder");
    }

    @Test
    void refusesAFolderThatH2CannotName() {
        folder = parent.resolve("a;b");

        assertThat(refusal()).hasMessageContaining("semicolon");
        assertThat(folder).doesNotExist();
    }

    private CannotOpenException refusal() {
        return catchThrowableOfType(CannotOpenException.class, () -> start(Mode.AUTO, true));
    }

    @Test
    void refusesAFileThatAnotherProcessHolds() throws Exception {
        fill();
        Process other = child(StoreHolder.class, folder.toString());
        try (BufferedReader lines = other.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("open");

            CannotOpenException failure = refusal();

            assertThat(failure.kind()).isEqualTo(Cause.HELD);
            assertThat(failure.mayPass()).isTrue();
            assertThat(failure).hasMessageContainingAll("another process", file().toString());
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(start(Mode.AUTO, true).load()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noise", "empty", "cut", "half", "head"})
    void refusesADamagedFileAndLeavesItAsItIs(String damage) throws IOException {
        fill();
        byte[] good = Files.readAllBytes(file());
        byte[] bad = switch (damage) {
            case "empty" -> new byte[0];
            case "cut" -> Arrays.copyOf(good, 8192); // its two headers and nothing else
            case "half" -> Arrays.copyOf(good, good.length / 2);
            case "head" -> {
                byte[] bytes = good.clone();
                Arrays.fill(bytes, 0, 8192, (byte) 'x');
                yield bytes;
            }
            default -> "this is no database\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        };
        Files.write(file(), bad);

        CannotOpenException failure = refusal();

        assertThat(failure).as(damage).isNotNull();
        assertThat(failure.kind()).isEqualTo(Cause.CONTENT);
        assertThat(failure.mayPass()).isFalse();
        assertThat(failure).hasMessageContainingAll("portproxy.mv.db", "restore a backup");
        assertThat(Files.readAllBytes(file())).isEqualTo(bad);
    }

    /** Earlier versions kept some HTTP settings in columns of a port, and beside {@code http} in the definition of a host. */
    @Test
    void readsWhatEarlierVersionsKeptOfHttp() {
        fill();
        try (Database database = new EmbeddedFile(folder).open()) {
            database.execute(
                    "update remote_port set type = 'http', host_header = 'rewrite', forwarded_headers = 'none',"
                            + " trusted_proxies = '[\"10.0.0.0/8\"]', max_request_head = '64KB', http = '{\"responseTimeout\":\"30s\"}'");
            database.execute(
                    "insert into remote_host (remote, ordinal, definition) values ('home', 0,"
                            + " '{\"host\":\"app.example.com\",\"path\":\"/\",\"gateways\":[],\"enabled\":true,\"tls\":\"terminate\","
                            + "\"remote\":\"80\",\"hostHeader\":\"rewrite\",\"forwardedHeaders\":\"none\","
                            + "\"trustedProxies\":[\"10.0.0.0/8\"],\"maxRequestHead\":\"64KB\",\"http\":{\"responseTimeout\":\"30s\"}}')");
        }
        HttpDefinition http = new HttpDefinition(
                Optional.of("rewrite"),
                Optional.of("none"),
                List.of("10.0.0.0/8"),
                Optional.of("64KB"),
                Optional.of("30s"),
                HttpDefinition.Headers.NONE,
                Optional.empty(),
                Optional.empty());

        StoredRemote home = restart().load().get(0);

        assertThat(home.definition().ports()).extracting(PortDefinition::http).containsExactly(http);
        assertThat(home.definition().hosts())
                .containsExactly(TestRemotes.host("app.example.com", 80).withHttp(http));
        open.get(0).save(List.of(home), List.of());
        assertThat(restart().load()).containsExactly(home);
    }

    @Test
    void refusesAFileOfANewerVersion() {
        fill();
        try (Database database = new EmbeddedFile(folder).open()) {
            database.execute(
                    "insert into \"flyway_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\","
                            + " \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\")"
                            + " values (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'sa', 1, true)");
        }

        CannotOpenException failure = refusal();

        assertThat(failure.kind()).isEqualTo(Cause.CONTENT);
        assertThat(failure).hasMessageContainingAll("newer version", "backup");
    }

    /** The file that an interrupted process was creating does not disturb. */
    @Test
    void beginsAgainWhereAFileWasNotFinished() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("portproxy-new.mv.db"), "not all of it");

        start(Mode.AUTO, true).save(List.of(remote("home")), List.of());

        assertThat(folder.resolve("portproxy-new.mv.db")).doesNotExist();
        assertThat(restart().load()).hasSize(1);
    }

    private RemoteStore restart() {
        close();
        open.clear();
        return start(Mode.AUTO, true);
    }

    @Test
    void doesNotMixWithWhatAnotherProcessHasMadeMeanwhile() {
        RemoteStore store = start(Mode.AUTO, true);
        try (Database other = new EmbeddedFile(folder).open()) {
            other.write(rows -> rows.save(StoreChange.ofRemotes(List.of(remote("of the other")), List.of())));
        }

        assertThatThrownBy(() -> store.save(List.of(remote("home")), List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("restart the server");
    }

    @Test
    void anInterruptOfWhoChangesDoesNotBreakTheFile() {
        RemoteStore store = start(Mode.AUTO, true);

        Thread.currentThread().interrupt();
        store.save(List.of(remote("home")), List.of());

        assertThat(Thread.interrupted()).isTrue();
        store.save(List.of(remote("other")), List.of());
        assertThat(store.load()).hasSize(2);
        assertThat(store.state().trouble()).isEmpty();
    }

    /** After {@code kill -9}, the file has each acknowledged change, and at most one more that was in progress. */
    @Test
    void keepsWhatItHasAcknowledgedWhenTheProcessIsKilled() throws Exception {
        int acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Process child = child(StoreWriter.class, folder.toString(), String.valueOf(acknowledged));
            try (BufferedReader lines = child.inputReader()) {
                for (int i = 0; i < 25 + 10 * round; i++) {
                    acknowledged = Integer.parseInt(lines.readLine()) + 1;
                }
                child.toHandle().destroyForcibly(); // SIGKILL; Process.destroyForcibly() would close its output
                for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    acknowledged = Integer.parseInt(line) + 1;
                }
                child.waitFor();
            }
            RemoteStore store = start(Mode.AUTO, true);
            List<StoredRemote> remotes = store.load();
            assertThat(remotes.size()).isBetween(acknowledged, acknowledged + 1);
            for (int i = 0; i < remotes.size(); i++) {
                assertThat(remotes.get(i)).isEqualTo(StoreWriter.remote(i));
            }
            acknowledged = remotes.size();
            close();
            open.clear();
        }
    }

    private static Process child(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CompletableFuture<Process> unused = process.onExit()
                .orTimeout(120, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> process.destroyForcibly());
        return process;
    }
}
