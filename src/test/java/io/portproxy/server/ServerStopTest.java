package io.portproxy.server;

import static io.portproxy.testing.Instruction.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.ListenException;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.EventSink;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how the proxy server starts and stops. */
@ParameterizedClass
@EnumSource
class ServerStopTest {
    private final Dialect dialect;
    private ServerUnderTest server;
    private TestRemote remote;
    private Opened stream;

    ServerStopTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("away", 5678)));
        remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
        stream = remote.open(server.exposed(0));
    }

    @AfterEach
    void stop() throws Exception {
        stream.user().close();
        remote.close();
        server.close();
    }

    private static boolean isRefused(InetSocketAddress address) throws IOException {
        try {
            PlainSocket.connect(address).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    @Test
    void listenersCloseFirstAndStreamsMayEnd() throws Exception {
        CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(60));
        for (InetSocketAddress address : List.of(server.tunnelAddress(), server.exposed(0), server.exposed(1))) {
            await().until(() -> isRefused(address));
        }
        assertThat(stopped).isNotDone();

        stream.user().send(Bytes.of("still"));
        assertThat(remote.peer().next()).isEqualTo(data(stream.identity(), Bytes.of("still")));
        remote.peer()
                .send(data(stream.identity(), Bytes.of("here")), remote.peer().ending(stream.identity()));
        assertThat(stream.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(stream.user().received()).isEqualTo(Bytes.of("here"));
        if (dialect == Dialect.EXTENDED) { // there the other direction stays open
            stream.user().finish();
        }
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        assertThat(remote.peer().socket().awaitEnd()).isEqualTo(End.CLEAN);
    }

    @Test
    void whatIsLeftAfterTheGraceIsReset() throws Exception {
        CompletableFuture<Void> stopped = server.stop(Duration.ofMillis(200));
        assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
        remote.peer().socket().awaitEnd();
    }

    @Test
    void aTunnelThatIsLostWhileStoppingEndsTheStop() throws Exception {
        CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(60));
        remote.close();
        assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void anAddressInUseStopsTheStartAndLeavesNothingBound() throws Exception {
        EventLoopGroup loops = new EventLoopGroup("in-use-", 1, new MemoryBudget(1 << 30));
        InetSocketAddress free = freeAddress();
        RemoteSettings remotes = new RemoteSettings(
                "r", List.of(), List.of(TestSettings.tcp(free, 1), TestSettings.tcp(server.exposed(0), 2)));
        TlsResources tls = new TlsResources(1);
        ServerSettings settings = TestSettings.server(remotes);
        ProxyServer second = new ProxyServer(settings, loops, tls, new MemoryCeiling(1 << 20), EventSink.NONE);
        loops.start();
        assertThatThrownBy(() -> second.start(TestSettings.exposure(settings)))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining(String.valueOf(server.exposed(0).getPort()));
        await().until(() -> isRefused(free));
        loops.close();
        tls.close();
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket closed = new ServerSocket()) {
            closed.bind(TestSettings.anyPort());
            return (InetSocketAddress) closed.getLocalSocketAddress();
        }
    }
}
