package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests an end that sends its last bytes and closes while bytes for it are in flight. The operating system then resets the connection.
 * The last bytes are already at the tunnel's end, which must deliver them before the reset.
 */
class EarlyAnswerTest {
    private static final int ROUNDS = 40;
    private static final byte[] ANSWER =
            Bytes.of("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\ntoo large");

    static Stream<Arguments> tunnels() {
        return Stream.of(Dialect.values())
                .flatMap(
                        dialect -> Stream.of(Encryption.values()).map(encryption -> Arguments.of(dialect, encryption)));
    }

    private static ServerUnderTest server(Encryption encryption, int targetPort) throws Exception {
        return new ServerUnderTest(encryption.of(TestSettings.server(TestSettings.remote("r", targetPort))));
    }

    private static ClientUnderTest client(Dialect dialect, Encryption encryption, ServerUnderTest server)
            throws Exception {
        return new ClientUnderTest(
                encryption.of(TestSettings.client("r", server.tunnelAddress(), dialect, Token.NONE)));
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void aTargetsAnswerUnderAnUploadReachesTheUser(Dialect dialect, Encryption encryption) throws Exception {
        try (Target target = new Target(socket -> {
                    socket.getInputStream().readNBytes(1000);
                    socket.getOutputStream().write(ANSWER);
                });
                ServerUnderTest server = server(encryption, target.port());
                ClientUnderTest client = client(dialect, encryption, server)) {
            client.awaitConnected(server);
            for (int i = 0; i < ROUNDS; i++) {
                try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                    upload(user);
                    user.awaitEnd();
                    assertThat(user.received()).as("answer %d", i).isEqualTo(ANSWER);
                }
            }
        }
    }

    private static void upload(PlainSocket user) {
        byte[] piece = new byte[16 * 1024];
        try {
            for (int i = 0; i < 64; i++) {
                user.send(piece);
            }
        } catch (IOException e) {
            // The user has been answered, and the connection closed.
        }
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void whatAUserSaysUnderADownloadReachesTheTarget(Dialect dialect, Encryption encryption) throws Exception {
        byte[] words = Bytes.random(1, 20_000);
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server = server(encryption, target.port());
                ClientUnderTest client = client(dialect, encryption, server)) {
            client.awaitConnected(server);
            for (int i = 0; i < ROUNDS; i++) {
                try (PlainSocket user = PlainSocket.connect(server.exposed(0));
                        PlainSocket served = target.accept()) {
                    Thread answering = new Thread(() -> upload(served));
                    answering.start();
                    user.awaitReceived(100_000);
                    user.send(words);
                    user.reset();
                    served.awaitEnd();
                    assertThat(served.received()).as("words %d", i).isEqualTo(words);
                    answering.join();
                }
            }
        }
    }
}
