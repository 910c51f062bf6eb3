package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ssh -R} with aes128-gcm to an sshd of its own, with keys made for this run. */
final class SshReverse extends Contender {
    static final String NAME = "ssh";

    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

    SshReverse() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        return Programs.missing("sshd", "ssh", "ssh-keygen");
    }

    @Override
    void start(Lab lab, Targets targets) throws IOException, BenchException {
        String user = System.getProperty("user.name");
        if (user.equals("root")) {
            Files.createDirectories(PRIVILEGE_SEPARATION); // sshd needs it; otherwise its service makes it
        }
        for (String key : List.of("ssh-host-key", "ssh-user-key")) {
            Files.deleteIfExists(lab.file(key));
            lab.run(List.of(
                    Programs.require("ssh-keygen"),
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-C",
                    "bench",
                    "-f",
                    lab.file(key).toString()));
        }
        int port = lab.freePort();
        Child server =
                lab.start("sshd", List.of(Programs.require("sshd"), "-D", "-e", "-f", serverConfiguration(lab, port)));
        awaitListening(server);
        add(server);
        add(lab.start("ssh", clientCommand(lab, targets, port, user)));
    }

    private static String serverConfiguration(Lab lab, int port) throws IOException {
        return lab.write("sshd_config", """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                Ciphers aes128-gcm@openssh.com
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                """.formatted(port, lab.file("ssh-host-key"), lab.file("ssh-user-key.pub")))
                .toString();
    }

    private List<String> clientCommand(Lab lab, Targets targets, int port, String user)
            throws IOException, BenchException {
        String hostKey = Files.readString(lab.file("ssh-host-key.pub"));
        Path knownHosts = lab.write("known_hosts", "[127.0.0.1]:" + port + " " + hostKey);
        Path configuration = lab.write("ssh_config", """
                Host *
                  Port %d
                  User %s
                  IdentityFile %s
                  IdentitiesOnly yes
                  UserKnownHostsFile %s
                  StrictHostKeyChecking yes
                  BatchMode yes
                  Ciphers aes128-gcm@openssh.com
                  Compression no
                  ExitOnForwardFailure yes
                """.formatted(port, user, lab.file("ssh-user-key"), knownHosts));
        List<String> command = new ArrayList<>(List.of(Programs.require("ssh"), "-F", configuration.toString(), "-N"));
        for (Service service : targets.services()) {
            int exposed = lab.freePort();
            command.addAll(List.of("-R", "127.0.0.1:%d:127.0.0.1:%d".formatted(exposed, targets.port(service))));
            offer(service, exposed);
        }
        command.add("127.0.0.1");
        return command;
    }

    private static void awaitListening(Child server) throws BenchException {
        while (!server.output().contains("Server listening on")) {
            server.requireAlive();
            Clock.sleepMillis(20);
        }
    }
}
