package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests two sides with different windows. A new stream starts with the Welcome's window in both directions. */
class DifferentWindowsTest {
    private static TunnelSettings windows(int initial, int max) {
        return TestSettings.tunnel(
                TestSettings.LIMITS.withInitialWindow(initial).withMaxWindow(max));
    }

    @ParameterizedTest
    @CsvSource({
        "262144, 16777216, 4096, 4096",
        "262144, 16777216, 8192, 1048576",
        "4096, 4096, 262144, 16777216",
        "8192, 1048576, 262144, 16777216",
        "262144, 262144, 262144, 262144"
    })
    void aStreamCarriesAllBytesBothWays(int serverInitial, int serverMax, int clientInitial, int clientMax)
            throws Exception {
        byte[] there = Bytes.random(1, 3_000_000);
        byte[] back = Bytes.random(2, 3_000_000);
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(TestSettings.remote("r", target.port()))
                                .withTunnel(windows(serverInitial, serverMax)));
                ClientUnderTest client = new ClientUnderTest(
                        TestSettings.client("r", server.tunnelAddress(), Dialect.EXTENDED, Token.NONE)
                                .withTunnel(windows(clientInitial, clientMax)))) {
            client.awaitConnected(server);
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            PlainSocket connection = target.accept();
            user.send(there);
            assertThat(connection.awaitReceived(there.length)).isEqualTo(there);
            connection.send(back);
            assertThat(user.awaitReceived(back.length)).isEqualTo(back);
            connection.close();
            user.close();
        }
    }
}
