package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** Tests sshd behind a tcp port, with ssh, scp and git in front of it. */
@ParameterizedClass
@EnumSource
class SshIT {
    private static final int FILE_MEBIBYTES = 32;
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    @RegisterExtension
    static final Children children = Children.ofClass();

    @TempDir
    static Path folder;

    private static int target;
    private static Path clientConfiguration;
    private static TwoProcesses.Running portProxy;

    @Parameter
    Way way;

    @BeforeAll
    static void start() throws Exception {
        Path sshd = Programs.require(SshIT.class, "sshd");
        Path keygen = Programs.require(SshIT.class, "ssh-keygen");
        for (String key : List.of("host_key", "user_key")) {
            children.run(keygen, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", folder.resolve(key));
        }
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(PRIVILEGE_SEPARATION); // sshd needs it; its service would have made it
        }
        target = FreePorts.find();
        Path configuration = Files.writeString(folder.resolve("sshd_config"), serverConfiguration(target));
        children.start(Children.command(sshd, "-D", "-e", "-f", configuration)).awaitOutput("Server listening on");
    }

    @BeforeParameterizedClassInvocation
    static void startPortProxy(Way way) throws Exception {
        TwoProcesses processes = new TwoProcesses(children, folder, way);
        int exposed = processes.expose("tcp", target);
        clientConfiguration = Files.writeString(folder.resolve("ssh_config"), clientConfiguration(exposed));
        portProxy = processes.start();
    }

    @AfterParameterizedClassInvocation
    static void endPortProxy() throws InterruptedException {
        portProxy.end();
    }

    private static String serverConfiguration(int port) throws IOException {
        Files.copy(folder.resolve("user_key.pub"), folder.resolve("authorized_keys"));
        return """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                Subsystem sftp internal-sftp
                """.formatted(port, folder.resolve("host_key"), folder.resolve("authorized_keys"));
    }

    private static String clientConfiguration(int port) throws IOException {
        String hostKey = Files.readString(folder.resolve("host_key.pub"));
        Path knownHosts = Files.writeString(folder.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + hostKey);
        return """
                Host behind-the-tunnel
                  HostName 127.0.0.1
                  Port %d
                  User %s
                  IdentityFile %s
                  IdentitiesOnly yes
                  UserKnownHostsFile %s
                  StrictHostKeyChecking yes
                  BatchMode yes
                """.formatted(port, System.getProperty("user.name"), folder.resolve("user_key"), knownHosts);
    }

    @AfterEach
    void nothingWentWrong() {
        portProxy.assertNothingWentWrong();
    }

    @Test
    void carriesACommandsOutputAndItsExitCode() throws Exception {
        Path ssh = Programs.require(SshIT.class, "ssh");

        Child command = children.start(Children.command(
                ssh, "-F", clientConfiguration, "behind-the-tunnel", "echo out; echo err >&2; seq 100000; exit 42"));

        assertThat(command.awaitExit()).isEqualTo(42);
        String numbers =
                IntStream.rangeClosed(1, 100_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        // Both outputs are collected together, so a write to one can come between two writes to the other.
        assertThat(command.output()).contains("err\n");
        assertThat(command.output().replaceFirst("err\n", "")).isEqualTo("out\n" + numbers);
    }

    @Test
    void copiesALargeFileBothWays() throws Exception {
        Path scp = Programs.require(SshIT.class, "scp");
        String hash = TestFiles.random(folder.resolve("file"), FILE_MEBIBYTES);
        Path there = folder.resolve("there");
        Path back = folder.resolve("back");

        children.run(scp, "-q", "-F", clientConfiguration, folder.resolve("file"), "behind-the-tunnel:" + there);
        children.run(scp, "-q", "-F", clientConfiguration, "behind-the-tunnel:" + there, back);

        assertThat(TestFiles.hash(there)).isEqualTo(hash);
        assertThat(TestFiles.hash(back)).isEqualTo(hash);
    }

    @Test
    void endsACommandsInputAndWaitsForItsAnswer() throws Exception {
        Path ssh = Programs.require(SshIT.class, "ssh");
        String hash = TestFiles.random(folder.resolve("input"), 1);

        String answer = children.run(
                new ProcessBuilder(Children.command(ssh, "-F", clientConfiguration, "behind-the-tunnel", "sha256sum"))
                        .redirectInput(folder.resolve("input").toFile()));

        assertThat(answer).isEqualTo(hash + "  -\n");
    }

    @Test
    void clonesARepository() throws Exception {
        Path repositories = Files.createTempDirectory(folder, "git");
        Path origin = repositories.resolve("origin");
        git("init", "--quiet", origin);
        for (int i = 1; i <= 4; i++) {
            TestFiles.random(origin.resolve("file" + i), i);
            git("-C", origin, "add", ".");
            git("-C", origin, "commit", "--quiet", "--message", "Add " + i);
        }
        git("clone", "--quiet", "--bare", origin, repositories.resolve("bare.git"));
        Path clone = repositories.resolve("clone");

        git("clone", "--quiet", "behind-the-tunnel:" + repositories.resolve("bare.git"), clone);

        git("-C", clone, "fsck", "--full", "--strict");
        assertThat(git("-C", clone, "rev-parse", "HEAD"))
                .isEqualTo(git("-C", origin, "rev-parse", "HEAD"))
                .hasSizeGreaterThan(40);
        assertThat(git("-C", clone, "log", "--format=%s")).isEqualTo("Add 4\nAdd 3\nAdd 2\nAdd 1\n");
        assertThat(TestFiles.hash(clone.resolve("file4"))).isEqualTo(TestFiles.hash(origin.resolve("file4")));
    }

    /** Runs git without any configuration of the user or the system. */
    private static String git(Object... arguments) throws Exception {
        Path git = Programs.require(SshIT.class, "git");
        ProcessBuilder builder = new ProcessBuilder(Children.command(git, arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_SSH_COMMAND", "ssh -F " + clientConfiguration);
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + role + "_NAME", "Test");
            builder.environment().put("GIT_" + role + "_EMAIL", "test@example.org");
        }
        return children.run(builder);
    }
}
