package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.client.AllowedPorts;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests remotes of both dialects on one server, and targets on other hosts. */
class ExtendedMixedTest {
    private static final int MANY = 500_000;

    private final Target echo = Target.echo();
    private final LogRecorder log = new LogRecorder();
    private ServerUnderTest server;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                TestSettings.remote("classic 1", echo.port()),
                ExtendedSettings.remote("extended 1", echo.port()),
                TestSettings.remote("classic 2", echo.port()),
                ExtendedSettings.remote("extended 2", echo.port()),
                ExtendedSettings.remoteTo("elsewhere", "localhost", echo.port())));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        echo.close();
        log.close();
    }

    private ClientUnderTest extended(String name) throws Exception {
        return new ClientUnderTest(ExtendedSettings.client(name, server.tunnelAddress()));
    }

    private ClientUnderTest classic(String name) throws Exception {
        return new ClientUnderTest(TestSettings.client(name, server.tunnelAddress()));
    }

    private void assertEchoes(int index) throws Exception {
        byte[] sent = Bytes.random(index, MANY);
        try (PlainSocket user = PlainSocket.connect(server.exposed(index))) {
            user.send(sent);
            assertThat(user.awaitReceived(MANY)).isEqualTo(sent);
        }
    }

    private boolean takesUsers(int index) throws Exception {
        try (PlainSocket user = PlainSocket.connect(server.exposed(index))) {
            user.send(new byte[1]);
            await().until(() -> user.size() == 1 || user.end().isPresent());
            return user.size() == 1;
        } catch (IOException e) {
            return false; // the connection was reset while it sent
        }
    }

    @Test
    void remotesOfBothDialectsAreServedAtOnceAndComeAndGoAlone() throws Exception {
        try (ClientUnderTest classicOne = classic("classic 1");
                ClientUnderTest extendedOne = extended("extended 1");
                ClientUnderTest classicTwo = classic("classic 2")) {
            await().until(() -> classicOne.connected() && extendedOne.connected() && classicTwo.connected());
            await().until(() -> takesUsers(0) && takesUsers(1) && takesUsers(2));
            try (ClientUnderTest extendedTwo = extended("extended 2");
                    PlainSocket stays = PlainSocket.connect(server.exposed(0))) {
                await().until(extendedTwo::connected);
                stays.send(Bytes.of("one"));
                stays.awaitReceived(3);
                for (int i = 0; i < 4; i++) {
                    assertEchoes(i);
                }
                assertThat(classicTwo.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
                assertThat(extendedTwo.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
                await().until(() -> !takesUsers(2) && !takesUsers(3));
                stays.send(Bytes.of("two"));
                assertThat(stays.awaitReceived(6)).isEqualTo(Bytes.of("onetwo"));
                assertEchoes(0);
                assertEchoes(1);
            }
        }
    }

    @Test
    void anExtendedRemoteMayHaveANameWithoutAToken() throws Exception {
        try (ClientUnderTest remote = new ClientUnderTest(
                TestSettings.client("classic 1", server.tunnelAddress(), Dialect.EXTENDED, Token.NONE))) {
            await().until(remote::connected);
            assertEchoes(0);
        }
    }

    @Test
    void aClassicRemoteNeverGetsANameWithAToken() throws Exception {
        try (ClientUnderTest remote = classic("extended 1")) {
            await().until(() -> !log.linesWith("has a token").isEmpty());
            assertThat(takesUsers(1)).isFalse();
            assertThat(log.linesWith("remote extended 1 is connected")).isEmpty();
            assertThat(remote.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void aTargetOnAHostIsReachedWhenTheRemoteAllowsIt() throws Exception {
        try (ClientUnderTest remote = new ClientUnderTest(ExtendedSettings.client("elsewhere", server.tunnelAddress())
                .withAllow(new AllowedPorts("localhost", Optional.of(echo.port()))))) {
            await().until(remote::connected);
            assertEchoes(4);
        }
    }

    @Test
    void aTargetOnAHostThatTheRemoteDoesNotAllowIsARstForTheUser() throws Exception {
        try (RawTarget other = RawTarget.open();
                ClientUnderTest remote =
                        new ClientUnderTest(ExtendedSettings.client("elsewhere", server.tunnelAddress())
                                .withAllow(new AllowedPorts("localhost", Optional.of(other.port()))))) {
            await().until(remote::connected);
            try (PlainSocket user = PlainSocket.connect(server.exposed(4))) {
                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(user.size()).isZero();
                String line = log.linesWith("is not in portproxy.client.allow").get(0);
                assertThat(line).contains("localhost:" + echo.port()).contains("127.0.0.1:" + user.localPort());
            }
            assertThat(remote.connected()).isTrue();
        }
    }
}
