package io.portproxy.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A proxy server and a remote named r, each a process of its own, configured by files with the keys as the older
 * program wrote them.
 */
final class TwoProcesses {
    private static final String ENTRY = """
                        - type: %s
                          bind: 127.0.0.1:%d
                          remote: %d
            """;

    private final Children children;
    private final Path folder;
    private final int tunnelPort = FreePorts.find();
    private final StringBuilder entries = new StringBuilder();
    private final List<String> serverOptions = new ArrayList<>();
    private final List<String> clientOptions = new ArrayList<>();

    /**
     * @param folder for the configuration files
     */
    TwoProcesses(Children children, Path folder) {
        this.children = children;
        this.folder = folder;
    }

    /** Exposes a target, and gives the port that it is exposed on. */
    int expose(String type, int targetPort) {
        int port = FreePorts.find();
        entries.append(ENTRY.formatted(type, port, targetPort));
        return port;
    }

    /** Adds to the server's command line, as in {@code --portproxy.shutdown-grace=1s}. */
    TwoProcesses serverOption(String option) {
        serverOptions.add(option);
        return this;
    }

    /** Adds to the client's command line. */
    TwoProcesses clientOption(String option) {
        clientOptions.add(option);
        return this;
    }

    /** The server's configuration file, written anew. */
    Path serverFile() throws IOException {
        String yaml = """
                portproxy:
                  server:
                    bind: 127.0.0.1:%d
                    proxy:
                      - remote_name: r
                        port_list:
                """.formatted(tunnelPort) + entries;
        return Files.writeString(folder.resolve("server.yaml"), yaml);
    }

    /** The client's configuration file, written anew. */
    Path clientFile() throws IOException {
        String yaml = """
                portproxy:
                  client:
                    name: r
                    server: 127.0.0.1:%d
                    protocol: classic
                """.formatted(tunnelPort);
        return Files.writeString(folder.resolve("client.yaml"), yaml);
    }

    /** Starts the server alone. */
    Child startServer() throws IOException {
        return PortProxy.start(children, "server", serverFile(), serverOptions.toArray(String[]::new));
    }

    /** Starts the client alone. */
    Child startClient() throws IOException {
        return PortProxy.start(children, "client", clientFile(), clientOptions.toArray(String[]::new));
    }

    /** Starts both, and waits until the tunnel is up. */
    Running start() throws IOException {
        Child server = startServer();
        Child client = startClient();
        client.awaitOutput(PortProxy.UP);
        server.awaitOutput(PortProxy.CONNECTED);
        return new Running(server, client);
    }

    /** Where remotes connect. */
    InetSocketAddress tunnel() {
        return address(tunnelPort);
    }

    /** A port of 127.0.0.1. */
    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Both processes, with their tunnel up. */
    record Running(Child server, Child client) {
        void assertNothingWentWrong() {
            PortProxy.assertNothingWentWrong(server);
            PortProxy.assertNothingWentWrong(client);
        }
    }
}
