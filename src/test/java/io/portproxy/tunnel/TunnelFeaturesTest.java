package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.TunnelView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that both ends of a tunnel say which features it has, and that they say the same. */
class TunnelFeaturesTest {
    private static TunnelView view(ClientUnderTest client) {
        return client.role().view().tunnels().get(0).view();
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsShowTheFeaturesThatBothHave(Speech speech) throws Exception {
        boolean extended = speech.dialect() == Dialect.EXTENDED;
        try (ServerUnderTest server = new ServerUnderTest(TestSettings.server(speech.remote("r", 4711)));
                ClientUnderTest client = new ClientUnderTest(speech.client("r", server.tunnelAddress()))) {
            client.awaitConnected(server);

            TunnelView servers =
                    server.role().remotes().get(0).tunnels().get(0).handle().view();
            assertThat(servers.takesFirstBytes()).isEqualTo(extended);
            assertThat(servers.carriesDatagrams()).isEqualTo(extended);
            assertThat(view(client).takesFirstBytes()).isEqualTo(extended);
            assertThat(view(client).carriesDatagrams()).isEqualTo(extended);
        }
    }

    @Test
    void aRemoteDoesNotShowFeaturesThatItsServerDoesNotHave() throws Exception {
        try (TestServer older = new TestServer(Dialect.EXTENDED);
                ClientUnderTest client = new ClientUnderTest(ExtendedSettings.client("r", older.address()))) {
            older.acceptGreeted(ExtendedSettings.TOKEN, 65_536);
            await().until(client::connected);

            assertThat(view(client).takesFirstBytes()).isFalse();
            assertThat(view(client).carriesDatagrams()).isFalse();
        }
    }
}
