package io.portproxy.it;

import static org.awaitility.Awaitility.await;

import io.portproxy.testing.PemFiles;
import io.portproxy.testing.Programs;
import io.portproxy.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An ACME authority for tests that really checks the challenges, at ports of its own, and a name service that resolves all names to this
 * host.
 */
final class Pebble {
    private final Class<?> test;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final int port = FreePorts.find();
    private final int managementPort = FreePorts.find();
    private final int httpPort = FreePorts.find();
    private final int tlsPort = FreePorts.find();
    private long lifeSeconds = 90 * 86400;

    /**
     * Makes an instance. Starts nothing yet.
     *
     * @param test the test to skip if the program is missing
     */
    Pebble(Class<?> test, Path folder) {
        this.test = test;
        this.folder = folder;
    }

    /** Returns the address of its directory. Its web server shows {@link TestCertificates#SERVER}. */
    URI directory() {
        return URI.create("https://localhost:" + port + "/dir");
    }

    /** Returns the root certificate of all certificates that it issues, as PEM. It is a new one at each start. */
    String root() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificates.context("", TestCertificates.CA))
                .build();
        URI uri = URI.create("https://localhost:" + managementPort + "/roots/0");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** Returns the port to which it sends requests for http-01. */
    int httpPort() {
        return httpPort;
    }

    /** Returns the port to which it connects for tls-alpn-01. */
    int tlsPort() {
        return tlsPort;
    }

    /** Sets how long its certificates are valid. */
    Pebble lasting(long seconds) {
        lifeSeconds = seconds;
        return this;
    }

    void start() throws IOException {
        Path pebble = Programs.require(test, "pebble");
        Path names = Programs.require(test, "pebble-challtestsrv");
        PemFiles.write(folder, "pebble", TestCertificates.SERVER, "");
        String dns = "127.0.0.1:" + FreePorts.find();
        String management = "127.0.0.1:" + FreePorts.find();
        Path configuration = Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d, "certificateValidityPeriod": %d}}
                """.formatted(
                        port,
                        managementPort,
                        folder.resolve("pebble.crt"),
                        folder.resolve("pebble.key"),
                        httpPort,
                        tlsPort,
                        lifeSeconds));
        run(
                names,
                "-dns01",
                dns,
                "-defaultIPv4",
                "127.0.0.1",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-management",
                management);
        run(pebble, "-config", configuration.toString(), "-dnsserver", dns);
        await().until(this::isListening);
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // it does not answer yet
        }
    }

    private void run(Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program.getFileName() + ".txt").toFile());
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().put("PEBBLE_WFE_NONCEREJECT", "5");
        processes.add(builder.start());
    }

    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
