package io.portproxy.server;

import static io.portproxy.testing.Instruction.closeConnection;
import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.dataHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests instructions of classic remotes, beyond {@link TunnelInputTest}. The classic dialect has no windows. */
class ClassicTunnelInputTest {
    private static final long FOUR_GIB = 0xffff_ffffL;

    private ServerUnderTest server;
    private TestRemote remote;
    private Opened one;
    private Opened other;

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("steady", 5678)));
        remote = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "r");
        one = remote.open(server.exposed(0));
        other = remote.open(server.exposed(0));
    }

    @AfterEach
    void stop() throws Exception {
        one.user().close();
        other.user().close();
        remote.close();
        server.close();
    }

    @Test
    void dataThatClaimsFourGibibytesIsRelayedAsItComes() throws Exception {
        byte[] sent = Bytes.random(1, 2 << 20);
        remote.peer().send(dataHead(one.identity(), FOUR_GIB));
        for (int from = 0; from < sent.length; from += 100_000) {
            int to = Math.min(sent.length, from + 100_000);
            remote.peer().send(Arrays.copyOfRange(sent, from, to));
            one.user().awaitReceived(to);
        }
        assertThat(one.user().received()).isEqualTo(sent);
        assertThat(server.buffersInUse()).isLessThan(30); // of 16 KiB each: the server kept no data

        // The tunnel still carries users' bytes, and the end of a stream does not end its announced data.
        one.user().close();
        assertThat(remote.peer().next()).isEqualTo(closeConnection(one.identity()));
        remote.peer().send(sent);
        other.user().send((byte) 1);
        assertThat(remote.peer().next()).isEqualTo(data(other.identity(), (byte) 1));
    }

    @Test
    void oneInstructionMayHoldMoreThanWeSend() throws Exception {
        byte[] sent = Bytes.random(2, 300_000);
        remote.peer().send(data(one.identity(), sent), data(other.identity(), Bytes.of("next")));
        assertThat(one.user().awaitReceived(sent.length)).isEqualTo(sent);
        assertThat(other.user().awaitReceived(4)).isEqualTo(Bytes.of("next"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0005", // the first unknown code
                "0010 00000000",
                "ffff",
                "0000 00000001 72", // a greeting in the wrong place
                "0000 ffffffff", // a name of 4 GiB
                "0001 0000000000ff 162e", // InsInitialConnection, which only the server sends
            })
    void aProtocolErrorEndsItsTunnelAndDisturbsNobodyElse(String hex) throws Exception {
        try (LogRecorder log = new LogRecorder();
                TestRemote steady = TestRemote.greeted(Dialect.CLASSIC, server.tunnelAddress(), "steady")) {
            Opened stream = steady.open(server.exposed(1));
            byte[] wrong = HexFormat.of().parseHex(hex.replace(" ", ""));
            String address = "127.0.0.1:" + remote.peer().socket().localPort();
            remote.peer().send(data(one.identity(), Bytes.of("last words")));
            one.user().awaitReceived(10);
            remote.peer().send(wrong);

            remote.peer().socket().awaitEnd();
            assertThat(one.user().awaitEnd()).isEqualTo(End.RESET);
            assertThat(other.user().awaitEnd()).isEqualTo(End.RESET);
            assertThat(log.linesWith(address))
                    .filteredOn(line -> line.contains("disconnected"))
                    .singleElement()
                    .asString()
                    .contains(HexFormat.ofDelimiter(" ").formatHex(wrong));

            byte[] sent = Bytes.random(4, 500_000);
            steady.peer().send(data(stream.identity(), sent));
            assertThat(stream.user().awaitReceived(sent.length)).isEqualTo(sent);
            stream.user().send((byte) 1);
            assertThat(steady.peer().next()).isEqualTo(data(stream.identity(), (byte) 1));
        }
    }
}
