package io.portproxy.it;

import io.portproxy.testing.PemFiles;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A proxy server and a remote named r, each in a process of its own. Their configuration files use the keys of the older program. They
 * have no admin API, unless a test asks for it.
 */
final class TwoProcesses {
    private static final String ENTRY = """
                        - type: %s
                          bind: 127.0.0.1:%d
                          remote: "%s"
            """;

    /** The token of r, for a dialect that has tokens. */
    private static final String TOKEN = "a-token-for-these-tests";

    private final Children children;
    private final Path folder;
    private final Way way;
    private final int tunnelPort = FreePorts.find();
    private final StringBuilder entries = new StringBuilder();
    private final List<String> serverOptions = new ArrayList<>(List.of(PortProxy.WITHOUT_ADMIN));
    private final List<String> clientOptions = new ArrayList<>(List.of(PortProxy.WITHOUT_ADMIN));

    /**
     * @param folder for the configuration files
     */
    TwoProcesses(Children children, Path folder, Way way) {
        this.children = children;
        this.folder = folder;
        this.way = way;
    }

    /** Exposes a port of the remote's 127.0.0.1, and returns the exposed port. */
    int expose(String type, int targetPort) {
        return expose(type, String.valueOf(targetPort));
    }

    /** Exposes a target, written as in a configuration, and returns the exposed port. */
    int expose(String type, String target) {
        int port = FreePorts.find();
        entries.append(ENTRY.formatted(type, port, target));
        return port;
    }

    /** Gives the server its admin API. */
    TwoProcesses withAdmin() {
        serverOptions.remove(PortProxy.WITHOUT_ADMIN);
        return this;
    }

    /** Adds an option to the server's command line, as in {@code --portproxy.shutdown-grace=1s}. */
    TwoProcesses serverOption(String option) {
        serverOptions.add(option);
        return this;
    }

    /** Adds an option to the client's command line. */
    TwoProcesses clientOption(String option) {
        clientOptions.add(option);
        return this;
    }

    /** Writes the server's configuration file again and returns its path. */
    Path serverFile() throws IOException {
        String yaml = """
                portproxy:
                  server:
                    bind: 127.0.0.1:%d
                    proxy:
                      - remote_name: r
                        %s
                        port_list:
                """.formatted(tunnelPort, way.isExtended() ? "tokens: [" + TOKEN + "]" : "") + entries;
        if (way.isTls()) {
            yaml += "portproxy.server.ssl.bundle: server\n"
                    + PemFiles.bundle(folder, "server", TestCertificates.SERVER, "");
        }
        return Files.writeString(folder.resolve("server.yaml"), yaml);
    }

    /** Writes the client's configuration file again and returns its path. */
    Path clientFile() throws IOException {
        String yaml = """
                portproxy:
                  client:
                    name: r
                    server: 127.0.0.1:%d
                    protocol: %s
                """.formatted(tunnelPort, way.protocol());
        if (way.isExtended()) {
            yaml += "    token: " + TOKEN + "\n";
        }
        if (way.isTls()) {
            yaml += "portproxy.client.ssl.bundle: client\n"
                    + PemFiles.bundle(folder, "client", "", TestCertificates.CA);
        }
        return Files.writeString(folder.resolve("client.yaml"), yaml);
    }

    /** Starts the server alone, with additional command line options. */
    Child startServer(String... options) throws IOException {
        List<String> command = PortProxy.command("server", serverFile());
        command.addAll(serverOptions);
        command.addAll(Arrays.asList(options));
        return children.start(command);
    }

    /** Starts the client alone. */
    Child startClient() throws IOException {
        return startClient(Map.of());
    }

    /** Starts the client alone, with additional environment variables and command line options. */
    Child startClient(Map<String, String> environment, String... options) throws IOException {
        List<String> command = PortProxy.command("client", clientFile());
        command.addAll(clientOptions);
        command.addAll(Arrays.asList(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return children.start(builder);
    }

    /** Starts both, and waits until the tunnel is up. */
    Running start() throws IOException {
        Child server = startServer();
        Child client = startClient();
        client.awaitOutput(PortProxy.UP);
        server.awaitOutput(PortProxy.CONNECTED);
        return new Running(server, client);
    }

    /** Returns the address where remotes connect. */
    InetSocketAddress tunnel() {
        return address(tunnelPort);
    }

    /** Returns the address of a port of 127.0.0.1. */
    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Both processes, with their tunnel up. */
    record Running(Child server, Child client) {
        void assertNothingWentWrong() {
            PortProxy.assertNothingWentWrong(server);
            PortProxy.assertNothingWentWrong(client);
        }

        /** Ends both. */
        void end() throws InterruptedException {
            client.end();
            server.end();
        }
    }
}
