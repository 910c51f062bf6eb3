package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.Relay;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests two remotes with one name, as after a machine has been copied. */
class NameConflictOfRemotesTest {
    private static final String WHAT = "several remotes take the name r from each other, one at 127.0.0.1";
    private static final String REMEDY = "give each a name of its own (portproxy.client.name)";

    private static ClientUnderTest client(Relay relay) throws Exception {
        return new ClientUnderTest(TestSettings.client("r", relay.address(), Dialect.EXTENDED, Token.NONE));
    }

    @Test
    void allThreeHostsAreWarnedAndToldWhatHelps() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(TestSettings.remote("r", 1)));
                Relay first = new Relay(server.tunnelAddress());
                Relay second = new Relay(server.tunnelAddress());
                ClientUnderTest one = client(first);
                ClientUnderTest other = client(second)) {
            // The remote that has the name keeps it for half a minute. It learns of the quarrel when it loses the name.
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(log.linesWith(WHAT))
                            .allMatch(line -> line.contains(REMEDY))
                            .anyMatch(line -> line.contains("from now on, each keeps it for at least 30s"))
                            .anyMatch(line -> line.contains(
                                    "no tunnel to localhost:" + first.address().getPort()))
                            .anyMatch(line -> line.contains(
                                    "no tunnel to localhost:" + second.address().getPort())));
            await().until(() -> one.connected() || other.connected());
        }
    }
}
