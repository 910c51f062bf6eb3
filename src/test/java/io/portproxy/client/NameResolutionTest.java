package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the remote resolves the proxy server's name again for each dial. The JDK reads the property for a custom
 * hosts file only when it starts, so the remote runs in its own process.
 */
class NameResolutionTest {
    private static final String NAME = "proxy.test";

    private Path hosts;
    private Process remote;

    /** The remote. Its argument is the server's port. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            EventLoopGroup loops = new EventLoopGroup("remote-", 1, new MemoryBudget(1 << 30));
            loops.start();
            new ProxyClient(
                            TestSettings.client(
                                            "r", InetSocketAddress.createUnresolved(NAME, Integer.parseInt(args[0])))
                                    .withTunnel(TestSettings.tunnel().withHeartbeatInterval(Duration.ofMillis(100))),
                            loops,
                            new TlsResources(1),
                            new MemoryCeiling(1 << 20),
                            EventSink.NONE)
                    .start();
        }
    }

    @BeforeEach
    void findHosts(@TempDir Path folder) {
        hosts = folder.resolve("hosts");
    }

    @AfterEach
    void stop() throws Exception {
        remote.destroyForcibly().waitFor();
    }

    private void startRemote(int port) throws IOException {
        remote = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Replaces the file atomically, so that nobody reads half of it. */
    private void nameMeans(String address) throws IOException {
        Path fresh = Files.writeString(hosts.resolveSibling("fresh"), address + " " + NAME + "\n");
        Files.move(fresh, hosts, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aNameThatMovesIsFollowed() throws Exception {
        Files.writeString(hosts, "");
        try (TestServer first = new TestServer(Dialect.CLASSIC);
                TestServer second = new TestServer(
                        Dialect.CLASSIC, "127.0.0.2", first.address().getPort())) {
            startRemote(first.address().getPort()); // the name is unknown

            nameMeans("127.0.0.1");
            TestPeer tunnel = first.acceptGreeted("r");

            nameMeans("127.0.0.2");
            tunnel.close();
            TestPeer moved = second.acceptGreeted("r");
            assertThat(moved.socket().end()).isEmpty();

            nameMeans("127.0.0.1");
            moved.socket().reset();
            assertThat(first.acceptGreeted("r").socket().end()).isEmpty();
        }
    }
}
