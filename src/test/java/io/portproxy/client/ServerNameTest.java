package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.BlackHole;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests a server's name with several addresses. One that works is enough. */
class ServerNameTest {
    private static final Duration NEVER = Duration.ofMinutes(10);
    private static final int WINDOW = 65_536;

    private static InetSocketAddress named(int port) {
        return InetSocketAddress.createUnresolved("proxy.test", port);
    }

    @Test
    void whenOneRefusesTheNextIsDialledWithoutAWait() throws Exception {
        Names names = new Names("127.0.0.3", "127.0.0.2", "127.0.0.1");
        try (TestServer server = new TestServer(Dialect.CLASSIC);
                ClientUnderTest client = names.client(
                        TestSettings.client("r", named(server.address().getPort()))
                                .withTimes(TestSettings.TIMES.withBackoff(NEVER)))) {
            server.acceptGreeted("r");
            await().until(client::connected);
            assertThat(client.role().view().failures()).isZero();
            assertThat(client.role().view().tunnels().get(0).view().address())
                    .isEqualTo("127.0.0.1:" + server.address().getPort());
        }
    }

    @Test
    void whenOneAnswersNobodyTheNextIsDialledBesideIt() throws Exception {
        try (TestServer server = new TestServer(Dialect.CLASSIC);
                BlackHole hole = new BlackHole("127.0.0.2", server.address().getPort());
                ClientUnderTest client = new Names("127.0.0.2", "127.0.0.1")
                        .client(TestSettings.client("r", named(hole.address().getPort()))
                                .withTimes(TestSettings.TIMES.withBackoff(NEVER)))) {
            server.acceptGreeted("r");
            await().until(client::connected);
            assertThat(client.role().view().failures()).isZero();
        }
    }

    @Test
    void whenOneDoesNotTakeTheTunnelTheNextIsDialledWithoutAWait() throws Exception {
        Names names = new Names("127.0.0.2", "127.0.0.1");
        try (TestServer good = new TestServer(Dialect.EXTENDED);
                TestServer bad = new TestServer(
                        Dialect.CLASSIC, "127.0.0.2", good.address().getPort());
                ClientUnderTest client = names.client(
                        ExtendedSettings.client("r", named(good.address().getPort()))
                                .withTimes(TestSettings.TIMES.withBackoff(NEVER)))) {
            bad.accept().close();
            good.acceptGreeted(ExtendedSettings.TOKEN, WINDOW);
            await().until(client::connected);
        }
    }

    @Test
    void whenNoneTakesItEachSaysWhy() throws Exception {
        int port = RawTarget.refusingPort();
        try (ClientUnderTest client = new Names("127.0.0.2", "127.0.0.1")
                .client(TestSettings.client("r", named(port)).withTimes(TestSettings.TIMES.withBackoff(NEVER)))) {
            await().until(() -> client.role().view().failures() == 1);
            assertThat(client.role().view().lastFailure().orElseThrow())
                    .contains("127.0.0.2:" + port + ": ", "; 127.0.0.1:" + port + ": ");
            assertThat(client.role().view().servers().get(0).trouble()).isPresent();
        }
    }
}
