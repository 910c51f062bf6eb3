package io.portproxy.it;

import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server that belongs to one test, on a port of 127.0.0.1. The test can stop and start it. It refuses to run as root, so
 * root runs it as the user that the package has created.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "portproxy";
    public static final String PASSWORD = "Sesame-0123456789-db";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Class<?> test;
    private final Path folder;
    private final Path data;
    private final int port = FreePorts.find();
    private final Thread hook = new Thread(this::end, "ends a PostgreSQL that a test left running");
    private Process process;

    private PostgresServer(Class<?> test) throws IOException {
        this.test = test;
        // JUnit's temporary folder does not suit, because that user needs access to each folder above the data.
        this.folder = Files.createTempDirectory("postgres");
        this.data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        if (isRoot()) {
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Makes a server with an empty database and starts it. If the programs are missing, the test is skipped. */
    public static PostgresServer start(Class<?> test) throws Exception {
        Programs.require(test, "postgres");
        Path initdb = Programs.require(test, "initdb");
        PostgresServer server = new PostgresServer(test);
        Path password = Files.writeString(server.folder.resolve("password"), PASSWORD);
        Process made = server.run(
                initdb,
                "-D",
                server.data,
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync");
        if (!made.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(server.output()));
        }
        server.start();
        return server;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private Path output() {
        return folder.resolve("output.txt");
    }

    private Process run(Path program, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // setpriv replaces itself with the program, so its pid ends the program. su and runuser would stay as its
            // parent.
            command.addAll(Children.command(
                    Programs.require(test, "setpriv"),
                    "--reuid=postgres",
                    "--regid=postgres",
                    "--clear-groups",
                    "--reset-env"));
        }
        command.addAll(Children.command(program, arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
    }

    /** Starts the server, and waits until it answers. */
    public void start() throws IOException {
        process = run(
                Programs.require(test, "postgres"),
                "-D",
                data,
                "-p",
                port,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off");
        await().atMost(PATIENCE).ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            connect().close();
            return true;
        });
    }

    /** Stops the server at once, which breaks its connections. Waits until it has ended. */
    public void stop() {
        end();
    }

    private void end() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            // SIGQUIT is PostgreSQL's immediate shutdown: no child process stays.
            new ProcessBuilder("kill", "-QUIT", String.valueOf(running.pid()))
                    .start()
                    .waitFor();
            if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    public String url() {
        return url("postgres");
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Makes an empty database and returns its URL. */
    public String newDatabase(String name) throws SQLException {
        execute("create database " + name);
        return url(name);
    }

    /** Opens a connection that does not go through the store. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
        FileSystemUtils.deleteRecursively(folder);
    }
}
