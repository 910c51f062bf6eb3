package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Programs;
import io.portproxy.testing.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the Debian package: it is installed on this machine, used as its unit would use it, removed and purged. A test that finds it
 * installed uses that, because installing takes long. Each test leaves it as it was installed, or purged.
 */
class DebianPackageIT {
    private static final Path CONFIGURATION = Path.of("/etc/portproxy");
    private static final Path UNIT = Path.of("/lib/systemd/system/portproxy@.service");
    private static final Path PROGRAM = Path.of("/usr/lib/portproxy/portproxy.jar");
    private static final String TOKEN = "a-token-for-this-test";

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    private Path folder;

    private final List<Child> services = new ArrayList<>();
    private Path dpkg;

    /** Whether a test has installed it, and none has purged it since. */
    private static boolean installed;

    @BeforeEach
    void install() throws Exception {
        dpkg = Programs.require(DebianPackageIT.class, "dpkg");
        if (installed) {
            return;
        }
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "DebianPackageIT installs a package, which needs root; this is another user");
        Assumptions.assumeFalse(
                Files.exists(CONFIGURATION), "DebianPackageIT would purge the portproxy that is installed here");
        installed = true; // also if it fails halfway, there may be something to purge
        installPackage();
    }

    private void installPackage() throws Exception {
        // Java is installed here, but not necessarily as a package. What is written here need not survive a power
        // failure.
        children.run(dpkg, "--force-depends", "--force-unsafe-io", "--install", packageFile());
    }

    @AfterEach
    void endServices() throws Exception {
        for (Child service : services) {
            service.end(); // a user who has a process cannot be removed
        }
    }

    @AfterAll
    static void purge() throws Exception {
        if (installed) {
            installed = false;
            Child purge = Child.start(new ProcessBuilder("dpkg", "--purge", "portproxy"));
            assertThat(purge.awaitExit()).as("%s", purge).isZero();
        }
    }

    private static Path packageFile() throws IOException {
        try (Stream<Path> built =
                Files.list(Path.of(System.getProperty("it.jar")).getParent())) {
            return built.filter(file -> file.getFileName().toString().matches("portproxy_.*_all\\.deb"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void servesAsItsUnitSaysAndLeavesNothingWhenPurged() throws Exception {
        assertThat(permissions(CONFIGURATION)).isEqualTo("rwxr-x---");
        assertThat(permissions(CONFIGURATION.resolve("server.yml"))).isEqualTo("rw-r-----");
        assertThat(children.run(Path.of("/usr/bin/portproxy"), "--version")).startsWith("portproxy ");

        int tunnel = FreePorts.find();
        int exposed = FreePorts.find();
        try (Target target = Target.echo()) {
            configure("server", """
                    portproxy.server:
                      bind: 127.0.0.1:%d
                      proxy: [{remote_name: r, tokens: ["${r-token}"], port_list: [{bind: %d, remote: %d}]}]
                    """.formatted(tunnel, exposed, target.port()));
            configure("client", """
                    portproxy.client: {name: r, server: "127.0.0.1:%d", token: "${r-token}", allow: [%d]}
                    """.formatted(tunnel, target.port()));
            secret("r-token", TOKEN);

            Child server = startAsTheUnitDoes("server");
            Child client = startAsTheUnitDoes("client");
            server.awaitOutput(PortProxy.STARTED);
            client.awaitOutput(PortProxy.UP);
            server.awaitOutput(PortProxy.CONNECTED);
            assertThat(EchoUser.isServed(exposed)).isTrue();
            PortProxy.assertNothingWentWrong(server);
            PortProxy.assertNothingWentWrong(client);
            client.end();
            server.end();
        }

        children.run(dpkg, "--remove", "portproxy");
        assertThat(PROGRAM).doesNotExist();
        assertThat(CONFIGURATION.resolve("server.yml")).as("a conffile stays").exists();
        children.run(dpkg, "--purge", "portproxy");
        installed = false;
        assertThat(Stream.of(CONFIGURATION, UNIT, PROGRAM.getParent(), Path.of("/usr/share/doc/portproxy")))
                .noneMatch(Files::exists);
        assertThat(Files.readString(Path.of("/etc/passwd"))).doesNotContain("portproxy:");
    }

    @Test
    void isInstalledAnewWhereTheConfigurationWasRemoved() throws Exception {
        Path aside = Files.createDirectory(folder.resolve("aside"));
        try {
            move(CONFIGURATION, aside);

            installPackage();

            assertThat(CONFIGURATION.resolve("server.yml"))
                    .as("removed, so not wanted")
                    .doesNotExist();
            assertThat(permissions(CONFIGURATION)).isEqualTo("rwxr-x---");
        } finally {
            move(aside, CONFIGURATION);
        }
    }

    /** Moves the configuration files, which keep their owners and permissions. */
    private static void move(Path from, Path to) throws IOException {
        for (String file : List.of("server.yml", "client.yml")) {
            Files.move(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void itsUnitIsConfined() throws Exception {
        Path analyze = Programs.require(DebianPackageIT.class, "systemd-analyze");

        // The exposure level has up to 100 points. systemd shows less than 20 as OK, in green.
        String report = children.run(analyze, "security", "--offline=true", "--threshold=20", "--no-pager", UNIT);

        assertThat(report).contains("exposure level", "OK");
    }

    @Test
    void saysWhoseItIsAndHowToUseIt() throws Exception {
        String fields = children.run(dpkg, "--status", "portproxy");
        assertThat(fields).contains("Maintainer: PortProxy maintainers").doesNotContainIgnoringCase("spring");
        Path documents = Path.of("/usr/share/doc/portproxy");
        assertThat(documents.resolve("README.md")).content().contains("(src/docs/systemd.md)");
        assertThat(documents.resolve("src/docs/systemd.md"))
                .as("where that link leads")
                .isRegularFile();
        Path manual = Path.of("/usr/share/man/man1/portproxy.1");
        assertThat(manual).content().contains(".SS serve", "EXIT STATUS");
        Path groff = Programs.require(DebianPackageIT.class, "groff");
        assertThat(children.run(groff, "-man", "-ww", "-z", manual))
                .as("warnings")
                .isBlank();
        assertThat(Path.of("/usr/share/bash-completion/completions/portproxy"))
                .content()
                .contains("complete -F", "--expose");
    }

    /** Repeated starts would never succeed, and the message would scroll away. */
    @Test
    void aWrongConfigurationEndsItAsTheUnitExpects() throws Exception {
        Path file = CONFIGURATION.resolve("server.yml");
        String before = Files.readString(file);
        configure("server", "portproxy.server: {bind: '127.0.0.1:70000', proxy: []}\n");

        Child server = startAsTheUnitDoes("server");

        assertThat(Files.readAllLines(UNIT)).contains("RestartPreventExitStatus=" + server.awaitExit());
        assertThat(server.output()).contains("portproxy.server.bind: 127.0.0.1:70000", "write a port from 1 to 65535");
        Files.writeString(file, before);
    }

    @Test
    void itsUnitIsRight() throws Exception {
        Path analyze = Programs.require(DebianPackageIT.class, "systemd-analyze");

        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path instance = Files.writeString(
                folder.resolve("portproxy@server.service"),
                Files.readString(UNIT).replace("/usr/bin/java", java));

        assertThat(children.run(analyze, "verify", "--man=no", "--recursive-errors=no", instance))
                .as("complaints, such as of a misspelt key")
                .doesNotContain(instance.toString());
    }

    private static void configure(String role, String yaml) throws IOException {
        Path file = CONFIGURATION.resolve(role + ".yml");
        // Writes into the existing file, as an editor does, so that owner and permissions stay.
        Files.writeString(file, "spring.config.import: configtree:/etc/portproxy/secrets/\n" + yaml);
    }

    private static void secret(String name, String text) throws IOException {
        Path file = Files.writeString(CONFIGURATION.resolve("secrets").resolve(name), text + "\n");
        Files.setAttribute(file, "unix:gid", Files.getAttribute(CONFIGURATION, "unix:gid"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    /** Starts the unit's command line as the unit's user. */
    private Child startAsTheUnitDoes(String role) throws IOException {
        String line = Files.readAllLines(UNIT).stream()
                .filter(one -> one.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=portproxy", "--regid=portproxy", "--init-groups", "--"));
        command.addAll(List.of(line.replaceFirst("ExecStart=", "")
                .replace("/usr/bin/java", java)
                .replace("%i", role)
                .split(" ")));
        command.add("--server.port=0");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        // The unit's EnvironmentFile can set these options too. They halve the start time, as in PortProxy.
        builder.environment().put("JDK_JAVA_OPTIONS", "-Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Child service = children.start(builder);
        services.add(service);
        return service;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
