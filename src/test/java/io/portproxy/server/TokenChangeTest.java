package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests changes of a remote's tokens while the server runs. {@link ChangeTest} tests the other changes. */
class TokenChangeTest {
    private static final TokenVerifier ANOTHER = TokenVerifier.of(Token.of("another"));

    private RawTarget target;
    private RemoteSettings settings;
    private ServerUnderTest server;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        settings = ExtendedSettings.remote("r", target.port());
        server = new ServerUnderTest(TestSettings.server(settings));
        client = new ClientUnderTest(ExtendedSettings.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
        assertThat(server.buffersInUse()).isZero();
    }

    private void changeTokens(TokenVerifier... tokens) throws Exception {
        List<PortSettings> ports = settings.ports();
        server.change(List.of(new RemoteSettings("r", List.of(tokens), ports)), Duration.ofHours(1), () -> {});
    }

    private RemoteView remote() {
        return server.role().remotes().get(0);
    }

    @Test
    void aRevokedTokenDismissesItsTunnelsAndIsRefusedFromThenOn() throws Exception {
        changeTokens(ANOTHER);

        await().until(() -> remote().tunnels().isEmpty());
        await().until(() -> client.role().view().counts().closed().containsKey("denied"));
        await().until(() -> remote().lastRefusal().isPresent());
        assertThat(remote().counts().closed()).containsOnlyKeys("denied");
    }

    @Test
    void aTokenThatIsAddedLetsTunnelsBe() throws Exception {
        changeTokens(ANOTHER, settings.tokens().get(0));

        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(Bytes.of("hello"));
            try (PlainSocket reached = target.accept()) {
                assertThat(reached.awaitReceived(5)).isEqualTo(Bytes.of("hello"));
            }
        }
        assertThat(remote().counts().closed()).isEmpty();
    }
}
