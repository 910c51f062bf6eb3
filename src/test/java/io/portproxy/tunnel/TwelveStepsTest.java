package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.server.RemoteSettings;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.Wiretap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tests the life of one connection in twelve steps (protocol.md, section 1), with the bytes of each instruction. */
class TwelveStepsTest {
    private static final Logger log = LoggerFactory.getLogger(TwelveStepsTest.class);

    private RawTarget target;
    private ServerUnderTest server;
    private Wiretap wiretap;
    private ClientUnderTest client;

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        RemoteSettings remote = TestSettings.remote("remote_client1", target.port());
        server = new ServerUnderTest(TestSettings.server(remote));
        wiretap = new Wiretap(server.tunnelAddress());
        // A long interval, so that no heartbeat comes between the steps.
        client = new ClientUnderTest(TestSettings.client("remote_client1", wiretap.address())
                .withTunnel(TestSettings.tunnel().withHeartbeatInterval(Duration.ofHours(1))));
    }

    @AfterEach
    void stop() throws Exception {
        wiretap.transcript().forEach(line -> log.info("{}", line));
        client.close();
        server.close();
        wiretap.close();
        target.awaitNoConnection();
        target.close();
    }

    /** Waits for that many instructions. Returns them with placeholders in place of the identity and the target port. */
    private List<String> transcript(int count, String identity) {
        await().until(() -> wiretap.transcript().size() >= count);
        return wiretap.transcript().stream()
                .map(line -> line.replace(identity, "<identity>"))
                .map(line -> line.replaceAll(hex4(target.port()) + "$", "<port>"))
                .toList();
    }

    private static String hex4(int port) {
        return String.format("%04x", port);
    }

    @Test
    void anEchoServicesConnectionTakesTwelveSteps() throws Exception {
        // 1. The remote dials the proxy server and sends its name, 14 bytes.
        String greeting = "remote to server: 0000" + "0000000e" + "72656d6f74655f636c69656e7431";
        assertThat(transcript(1, "?")).containsExactly(greeting);

        // 2. A user connects. The server would reset a user who comes before it has processed the greeting.
        PlainSocket user = connectUser();

        // 3. The server announces the stream with an identity and the target's port; the remote dials that.
        PlainSocket connection = target.accept();
        await().until(() -> wiretap.transcript().size() >= 2);
        String opening = wiretap.transcript().get(1);
        assertThat(opening).matches("server to remote: 0001[0-9a-f]{12}" + hex4(target.port()));
        String identity = opening.substring("server to remote: 0001".length()).substring(0, 12);
        assertThat(identity).isNotEqualTo("000000000000");
        String announced = "server to remote: 0001<identity><port>";
        assertThat(transcript(2, identity)).containsExactly(greeting, announced);

        // 4. to 6. The user sends 10 bytes; they travel in one InsData; the remote writes them to the target.
        user.send(Bytes.of("0123456789"));
        assertThat(connection.awaitReceived(10)).isEqualTo(Bytes.of("0123456789"));
        String there = "server to remote: 0003<identity>" + "0000000a" + "30313233343536373839";
        assertThat(transcript(3, identity)).containsExactly(greeting, announced, there);

        // 7. to 9. The echo comes back the same way.
        connection.send(Bytes.of("0123456789"));
        assertThat(user.awaitReceived(10)).isEqualTo(Bytes.of("0123456789"));
        String back = "remote to server: 0003<identity>" + "0000000a" + "30313233343536373839";
        assertThat(transcript(4, identity)).containsExactly(greeting, announced, there, back);

        // 10. The echo service closes. 11. The remote sends a close. 12. The server closes the user's connection.
        connection.close();
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(user.received()).isEqualTo(Bytes.of("0123456789"));
        String closing = "remote to server: 0004<identity>";
        assertThat(transcript(5, identity)).containsExactly(greeting, announced, there, back, closing);

        // The user closes too, and no side sends anything more: the next instruction is the next user's.
        user.close();
        PlainSocket next = connectUser();
        assertThat(transcript(6, identity).get(5))
                .startsWith("server to remote: 0001")
                .endsWith("<port>");
        next.close();
        await().until(() -> wiretap.transcript().size() == 7);
        assertThat(wiretap.transcript().get(6)).startsWith("server to remote: 0004");
        assertThat(wiretap.leftOver()).isZero();
    }

    private PlainSocket connectUser() throws Exception {
        int before = wiretap.transcript().size();
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        while (!isTaken(user, before)) {
            user = PlainSocket.connect(server.exposed(0));
        }
        return user;
    }

    private boolean isTaken(PlainSocket user, int before) {
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> wiretap.transcript().size() > before || user.end().isPresent());
        return user.end().isEmpty();
    }
}
