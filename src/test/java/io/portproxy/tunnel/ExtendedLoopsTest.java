package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.Relay;
import io.portproxy.testing.Relay.Cut;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the tunnels of one remote use loops of their own at both ends. Here there are two loops at each end. */
class ExtendedLoopsTest {
    private static final String OPENED_BY_THE_SERVER = "goes to";
    private static final String TAKEN_BY_THE_REMOTE = "is being connected";
    private static final int MUCH = 5000;

    private final Target echo = Target.echo();
    private final List<PlainSocket> users = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (PlainSocket user : users) {
            user.close();
        }
        echo.close();
    }

    /** The names that the settings have before r use loops, too. */
    private ServerUnderTest server(int namesInFront) throws Exception {
        List<RemoteSettings> names = new ArrayList<>();
        names.add(ExtendedSettings.remote("r", echo.port()));
        IntStream.range(0, namesInFront).forEach(i -> names.add(i, ExtendedSettings.remote("other" + i)));
        return new ServerUnderTest(TestSettings.server(names.toArray(RemoteSettings[]::new)));
    }

    /** Connects users until two tunnels have carried streams. The tunnels are counted in the order in which they came. */
    private void useBoth(ServerUnderTest server, Relay relay, int first, int second) {
        await().ignoreExceptions().until(() -> {
            long one = relay.carried(first);
            long two = relay.carried(second);
            for (int i = 0; i < 2; i++) {
                PlainSocket user = PlainSocket.connect(server.exposed(0));
                users.add(user);
                user.send(new byte[MUCH]);
                user.awaitReceived(MUCH);
            }
            return relay.carried(first) - one >= MUCH && relay.carried(second) - two >= MUCH;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void eachTunnelHasALoopOfItsOwnAlsoWhenOneIsDialledAgain(int namesInFront) throws Exception {
        try (ServerUnderTest server = server(namesInFront);
                Relay relay = new Relay(server.tunnelAddress());
                ClientUnderTest client = new ClientUnderTest(
                        ExtendedSettings.client("r", relay.address()).withTunnels(2))) {
            client.awaitConnected(server);
            try (LogRecorder log = new LogRecorder()) {
                useBoth(server, relay, 0, 1);
                assertThat(log.threadsOf(OPENED_BY_THE_SERVER)).hasSize(2);
                assertThat(log.threadsOf(TAKEN_BY_THE_REMOTE)).hasSize(2);
            }
            relay.cut(1, Cut.RST);
            await().until(() -> relay.tunnels() == 3 && client.connected());
            try (LogRecorder log = new LogRecorder()) {
                useBoth(server, relay, 0, 2);
                assertThat(log.threadsOf(OPENED_BY_THE_SERVER)).hasSize(2);
                assertThat(log.threadsOf(TAKEN_BY_THE_REMOTE)).hasSize(2);
            }
        }
    }
}
