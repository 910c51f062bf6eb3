package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.ProxyClient;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.server.ProxyServer;
import io.portproxy.server.ServerSettings;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests both roles in one process with an echo target. */
@ParameterizedClass
@EnumSource
class BothRolesTest {
    private final Speech speech;
    private final TlsResources tls = new TlsResources(2);
    private final MemoryCeiling memory = new MemoryCeiling(64 << 20);
    private final EventLoopGroup serverLoops = new EventLoopGroup("server-", 2, new MemoryBudget(1 << 30));
    private final EventLoopGroup clientLoops = new EventLoopGroup("client-", 2, new MemoryBudget(1 << 30));
    private final Target echo = Target.echo();
    private ProxyServer server;
    private ProxyClient client;
    private InetSocketAddress exposed;

    BothRolesTest(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void start() throws Exception {
        serverLoops.start();
        clientLoops.start();
        ServerSettings settings = TestSettings.server(speech.remote("r", echo.port()));
        server = new ProxyServer(settings, serverLoops, tls, memory, EventSink.NONE);
        server.start(TestSettings.exposure(settings));
        exposed = server.exposedAddresses().get(0);
        client = new ProxyClient(speech.client("r", server.tunnelAddress()), clientLoops, tls, memory, EventSink.NONE);
        client.start();
        await().until(() -> client.connected() && acceptsUsers());
    }

    private boolean acceptsUsers() {
        try (Socket user = new Socket(exposed.getAddress(), exposed.getPort())) {
            user.getOutputStream().write(1);
            return user.getInputStream().read() == 1;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);
        server.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);
        serverLoops.close();
        clientLoops.close();
        tls.close();
        echo.close();
        assertThat(serverLoops.buffersInUse()).isZero();
        assertThat(clientLoops.buffersInUse()).isZero();
        assertThat(memory.used()).isZero();
    }

    @Test
    void fiveHundredStreamsCarryTheirBytesBothWaysInOrder() throws Exception {
        ExecutorService users = Executors.newCachedThreadPool();
        List<Future<Void>> results = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int seed = i;
            results.add(users.submit(() -> echoes(seed)));
        }
        for (Future<Void> result : results) {
            result.get(120, TimeUnit.SECONDS);
        }
        users.shutdown();
    }

    private Void echoes(int seed) throws Exception {
        Random random = new Random(seed);
        int size = 50_000 + random.nextInt(300_000);
        try (Socket user = new Socket(exposed.getAddress(), exposed.getPort())) {
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            Thread writer = new Thread(() -> {
                try {
                    int left = size;
                    while (left > 0) {
                        byte[] chunk = new byte[Math.min(left, 1 + random.nextInt(20_000))];
                        random.nextBytes(chunk);
                        sent.update(chunk);
                        user.getOutputStream().write(chunk);
                        left -= chunk.length;
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            byte[] buffer = new byte[8192];
            int left = size;
            while (left > 0) {
                int n = user.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
                assertThat(n).isPositive();
                received.update(buffer, 0, n);
                left -= n;
            }
            writer.join();
            assertThat(received.digest()).isEqualTo(sent.digest());
        }
        return null;
    }
}
