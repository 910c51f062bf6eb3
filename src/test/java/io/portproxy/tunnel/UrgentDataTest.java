package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests urgent data (RFC 6093), with which FTP aborts a transfer. It must arrive at its place among the other bytes. */
class UrgentDataTest {

    /** Sends an abort as Python's ftplib does: the whole line is urgent, and TCP marks only its last byte. */
    @ParameterizedTest
    @EnumSource
    void anAbortOfFtpComesWithItsLastByteAndIsAnswered(Dialect dialect) throws Exception {
        try (RawTarget target = RawTarget.open();
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(TestSettings.remote("r", target.port())));
                ClientUnderTest client =
                        new ClientUnderTest(TestSettings.client("r", server.tunnelAddress(), dialect, Token.NONE))) {
            client.awaitConnected(server);
            try (Socket user = new Socket(
                            server.exposed(0).getAddress(), server.exposed(0).getPort());
                    PlainSocket served = target.accept()) {
                user.getOutputStream().write(Bytes.of("USER a\r\n"));
                served.awaitReceived(8);
                user.getOutputStream().write(Bytes.of("ABOR\r"));
                user.sendUrgentData('\n');
                assertThat(served.awaitReceived(14)).isEqualTo(Bytes.of("USER a\r\nABOR\r\n"));
                served.send(Bytes.of("226 Abort successful\r\n"));
                assertThat(user.getInputStream().readNBytes(22)).startsWith(Bytes.of("226 Abort"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTargetsUrgentByteComesToo(Dialect dialect) throws Exception {
        try (Target target = new Target(socket -> {
                    socket.sendUrgentData('!'); // the first byte of all
                    socket.getOutputStream().write("so".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                ServerUnderTest server =
                        new ServerUnderTest(TestSettings.server(TestSettings.remote("r", target.port())));
                ClientUnderTest client =
                        new ClientUnderTest(TestSettings.client("r", server.tunnelAddress(), dialect, Token.NONE))) {
            client.awaitConnected(server);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                assertThat(user.awaitReceived(3)).isEqualTo(Bytes.of("!so"));
            }
        }
    }
}
