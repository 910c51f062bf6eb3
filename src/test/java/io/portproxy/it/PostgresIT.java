package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests PostgreSQL behind a tcp port with pgbench in front of it: many small messages, each of which waits for its answer. */
@ParameterizedClass
@EnumSource
class PostgresIT {
    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static int target;
    private static List<String> connection;
    private static TwoProcesses.Running portProxy;

    @Parameter
    Way way;

    @BeforeAll
    static void start() throws Exception {
        Path initdb = Programs.require(PostgresIT.class, "initdb");
        Path postgres = Programs.require(PostgresIT.class, "postgres");
        Path data = folderForPostgres();
        target = FreePorts.find();
        runAsPostgres(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        children.start(asPostgres(
                        postgres,
                        "-D",
                        data,
                        "-p",
                        target,
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .awaitOutput("database system is ready to accept connections");
    }

    @BeforeParameterizedClassInvocation
    static void startPortProxy(Way way) throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, way);
        int exposed = processes.expose("tcp", target);
        connection = List.of("-h", "127.0.0.1", "-p", String.valueOf(exposed), "-U", "postgres");
        portProxy = processes.start();
    }

    @AfterParameterizedClassInvocation
    static void endPortProxy() throws InterruptedException {
        portProxy.end();
    }

    /** Makes a data folder. PostgreSQL refuses to run as root, so root gives the folder to the user that the package has created. */
    private static Path folderForPostgres() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        if (isRoot()) {
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        return data;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static List<String> asPostgres(Path program, Object... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // setpriv replaces itself with the program, so its pid ends the program. su and runuser would stay as its
            // parent.
            Path setpriv = Programs.require(PostgresIT.class, "setpriv");
            command.addAll(
                    Children.command(setpriv, "--reuid=postgres", "--regid=postgres", "--clear-groups", "--reset-env"));
        }
        command.addAll(Children.command(program, arguments));
        return command;
    }

    private static void runAsPostgres(Path program, Object... arguments) throws Exception {
        // The current working directory may not be accessible to that user.
        children.run(new ProcessBuilder(asPostgres(program, arguments)).directory(folder.toFile()));
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    private static String pgbench(Object... arguments) throws Exception {
        List<String> command = Children.command(Programs.require(PostgresIT.class, "pgbench"), arguments);
        command.addAll(connection);
        command.add("postgres");
        return children.run(new ProcessBuilder(command));
    }

    @Test
    void servesManyTransactions() throws Exception {
        pgbench("-i", "-q", "-s", 2);

        String report = pgbench("-c", 4, "-j", 2, "-t", 200);

        assertThat(report)
                .contains("number of transactions actually processed: 800/800")
                .contains("number of failed transactions: 0 (0.000%)");
    }

    @Test
    void servesAConnectionForEachTransaction() throws Exception {
        pgbench("-i", "-q", "-s", 1);

        String report = pgbench("-c", 4, "-j", 2, "-t", 50, "-C", "-S");

        assertThat(report)
                .contains("number of transactions actually processed: 200/200")
                .contains("number of failed transactions: 0 (0.000%)");
    }
}
