package io.portproxy.server;

import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.dataHead;
import static io.portproxy.testing.Instruction.heartbeat;
import static io.portproxy.testing.Instruction.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestRemote.Opened;
import io.portproxy.testing.TestSettings;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how the proxy server handles a remote's instructions in both dialects: cut at any byte, wrong, or unknown. */
@ParameterizedClass
@EnumSource
class TunnelInputTest {
    private static final long FOUR_GIB = 0xffff_ffffL;

    private final Dialect dialect;
    private ServerUnderTest server;
    private TestRemote remote;
    private Opened one;
    private Opened other;

    TunnelInputTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new ServerUnderTest(
                TestSettings.server(TestSettings.remote("r", 5678), TestSettings.remote("steady", 5678)));
        remote = TestRemote.greeted(dialect, server.tunnelAddress(), "r");
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
    void instructionsMayBeCutAtAnyByte() throws Exception {
        byte[] packet = packet(
                data(one.identity(), Bytes.of("for one")),
                heartbeat(),
                data(other.identity(), Bytes.of("for the other")),
                remote.peer().ending(FOUR_GIB));
        for (int cut = 1; cut < packet.length; cut++) {
            remote.peer().sendAndAwaitRead(Arrays.copyOf(packet, cut));
            remote.peer().sendAndAwaitRead(Arrays.copyOfRange(packet, cut, packet.length));
        }
        int times = packet.length - 1;
        assertThat(one.user().awaitReceived(7 * times)).isEqualTo(Bytes.of("for one".repeat(times)));
        assertThat(other.user().awaitReceived(13 * times)).isEqualTo(Bytes.of("for the other".repeat(times)));
    }

    @Test
    void instructionsMayComeByteByByte() throws Exception {
        byte[] packet = packet(
                heartbeat(),
                data(one.identity(), Bytes.of("for one")),
                heartbeat(),
                remote.peer().ending(one.identity()));
        for (byte b : packet) {
            remote.peer().sendAndAwaitRead(b);
        }
        assertThat(one.user().awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(one.user().received()).isEqualTo(Bytes.of("for one"));
    }

    @Test
    void manyInstructionsMayComeInOnePacket() throws Exception {
        Instruction[] many = new Instruction[4000]; // more bytes than one read takes
        StringBuilder ones = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < many.length; i += 2) {
            ones.append("one").append(i).append("x".repeat(i % 200));
            many[i] = data(one.identity(), Bytes.of("one" + i + "x".repeat(i % 200)));
            others.append("other").append(i);
            many[i + 1] = data(other.identity(), Bytes.of("other" + i));
        }
        remote.peer().send(many);
        assertThat(one.user().awaitReceived(ones.length())).isEqualTo(Bytes.of(ones.toString()));
        assertThat(other.user().awaitReceived(others.length())).isEqualTo(Bytes.of(others.toString()));
    }

    @Test
    void emptyDataIsNothing() throws Exception {
        remote.peer().send(dataHead(one.identity(), 0));
        remote.peer().send(dataHead(FOUR_GIB, 0));
        remote.peer().send(data(one.identity(), Bytes.of("more")));
        assertThat(one.user().awaitReceived(4)).isEqualTo(Bytes.of("more"));
    }

    @Test
    void instructionsForUnknownIdentitiesAreSkippedWithTheirBytes() throws Exception {
        long unknown = one.identity() ^ 0x8000_0000_0000L;
        byte[] looksLikeInstructions =
                packet(data(one.identity(), Bytes.of("not this")), remote.peer().ending(one.identity()));
        remote.peer()
                .send(
                        data(unknown, looksLikeInstructions),
                        data(0, Bytes.random(3, 400_000)),
                        remote.peer().ending(unknown),
                        remote.peer().ending(0xffff_ffff_ffffL),
                        data(one.identity(), Bytes.of("but this")));
        assertThat(one.user().awaitReceived(8)).isEqualTo(Bytes.of("but this"));

        one.user().send((byte) 9);
        assertThat(remote.peer().next()).isEqualTo(data(one.identity(), (byte) 9)); // no answer came before it
        assertThat(one.user().end()).isEmpty();
    }

    @Test
    void garbageEndsATunnel() throws Exception {
        Random random = new Random(21);
        byte[] garbage = new byte[10_000];
        random.nextBytes(garbage);
        garbage[0] = (byte) 0xee;
        remote.peer().send(garbage);
        remote.peer().socket().awaitEnd();
        assertThat(one.user().awaitEnd()).isEqualTo(End.RESET);
        try (TestRemote again = TestRemote.greeted(dialect, server.tunnelAddress(), "r")) {
            assertThat(again.open(server.exposed(0)).identity()).isGreaterThan(other.identity());
        }
    }

    @Test
    void anOpeningByTheRemoteIsNotAnswered() throws Exception {
        remote.peer().send(remote.peer().opening(one.identity(), 80));
        remote.peer().socket().awaitEnd();
        assertThat(remote.peer().hasNext()).isFalse();
    }
}
