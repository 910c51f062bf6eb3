package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.connection.InstructionTrace;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Tests that at level TRACE each instruction is logged in one line, in both roles. The level can change while the tunnel is up. */
class InstructionTraceTest {
    private static final Logger trace = (Logger) LoggerFactory.getLogger(InstructionTrace.class);

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "EXTENDED"})
    void isSwitchedWhileTheTunnelIsUp(Speech speech) throws Exception {
        try (LogRecorder log = new LogRecorder();
                Target echo = Target.echo();
                ServerUnderTest server = new ServerUnderTest(TestSettings.server(speech.remote("r", echo.port())));
                ClientUnderTest client = new ClientUnderTest(speech.client("r", server.tunnelAddress()))) {
            await().until(() -> client.connected() && echoes(server, 10));
            assertThat(log.linesWith("TRACE")).isEmpty();

            trace.setLevel(Level.TRACE);
            assertThat(echoes(server, 1234)).isTrue();

            boolean extended = speech.dialect() == Dialect.EXTENDED;
            String open = extended ? "Open" : "InsInitialConnection";
            List<String> opened = log.linesWith(" sent " + open + " of stream ");
            assertThat(opened).hasSize(1).allMatch(line -> line.startsWith("TRACE tunnel with 127.0.0.1:"));
            String identity = opened.get(0).replaceAll(".* of stream ([0-9a-f]{12}), .*", "$1");
            assertThat(log.linesWith(" received " + open + " of stream " + identity + ", "))
                    .hasSize(1);
            await().until(() ->
                    bytes(log, "sent", identity) == 2 * 1234 && bytes(log, "received", identity) == 2 * 1234);
            if (extended) {
                await().until(() -> !log.linesWith(" sent Opened of stream " + identity + ", 12 bytes")
                        .isEmpty());
            }
            assertThat(log.fieldsOf(" sent " + open + " of "))
                    .containsExactly(List.of("identity=" + identity, "remote=r"));

            trace.setLevel(null);
            assertThat(echoes(server, 10)).isTrue(); // from now on, instructions use the new level
            int lines = log.linesWith("TRACE").size();
            assertThat(echoes(server, 10)).isTrue();
            assertThat(log.linesWith("TRACE")).hasSize(lines);
        } finally {
            trace.setLevel(null);
        }
    }

    private static long bytes(LogRecorder log, String direction, String identity) {
        return log.linesWith(" " + direction + " InsData of stream " + identity + ", ").stream()
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*, ([0-9]+) bytes", "$1")))
                .sum();
    }

    private static boolean echoes(ServerUnderTest server, int bytes) throws Exception {
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            user.send(new byte[bytes]);
            await().until(() -> user.size() == bytes || user.end().isPresent());
            return user.size() == bytes;
        } catch (java.net.SocketException e) {
            return false;
        }
    }
}
