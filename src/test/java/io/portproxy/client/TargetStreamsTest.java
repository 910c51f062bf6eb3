package io.portproxy.client;

import static io.portproxy.testing.Instruction.data;
import static io.portproxy.testing.Instruction.dataHead;
import static io.portproxy.testing.Instruction.packet;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import io.portproxy.testing.TestSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the remote's streams and the connections to their targets. The test plays the proxy server. */
@ParameterizedClass
@EnumSource
class TargetStreamsTest {
    private static final long ID = 0x9234_5678_9abcL; // negative if code treats identities as signed
    private static final long OTHER = 0x0000_0000_0001L;
    private static final int TARGET_REFUSED = 1;
    private static final int TARGET_RESET = 5;
    private static final int DENIED = 9;

    private final Dialect dialect;
    private TestServer server;
    private RawTarget target;
    private ClientUnderTest client;
    private TestPeer peer;

    TargetStreamsTest(Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(dialect);
        target = RawTarget.open();
        client = new ClientUnderTest(TestSettings.client("r", server.address(), dialect, Token.NONE));
        peer = server.acceptGreeted("r");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        target.awaitNoConnection();
        target.close();
        server.close();
    }

    private PlainSocket open(long identity) throws Exception {
        peer.send(peer.opening(identity, target.port()));
        return target.accept();
    }

    /** Checks that the client sends nothing before its refusal of a stream that it cannot open. */
    private void assertNothingWasSaid() throws Exception {
        peer.send(peer.opening(77, 0));
        assertThat(peer.next()).isEqualTo(peer.resetting(77, DENIED));
    }

    @Test
    void bytesPassBothWays() throws Exception {
        byte[] there = Bytes.random(1, 2_000_000);
        byte[] back = Bytes.random(2, 2_000_000);
        PlainSocket connection = open(ID);
        for (int from = 0; from < there.length; from += 50_000) {
            peer.send(data(ID, Arrays.copyOfRange(there, from, from + 50_000)));
        }
        assertThat(connection.awaitReceived(there.length)).isEqualTo(there);
        connection.send(back);
        assertThat(peer.nextData(ID, back.length)).isEqualTo(back);
    }

    @Test
    void dataThatComesWithTheOpeningIsKeptInOrder() throws Exception {
        byte[] bytes = Bytes.random(3, 90_000);
        peer.send(
                peer.opening(ID, target.port()),
                data(ID, Arrays.copyOfRange(bytes, 0, 1)),
                data(ID, Arrays.copyOfRange(bytes, 1, 60_000)),
                data(ID, Arrays.copyOfRange(bytes, 60_000, 90_000)));
        assertThat(target.accept().awaitReceived(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void instructionsMayBeCutAtAnyByte() throws Exception {
        byte[] packet = packet(
                peer.opening(ID, target.port()),
                data(ID, Bytes.of("some")),
                data(OTHER, Bytes.of("nobody's")),
                peer.ending(ID));
        for (int cut = 1; cut < packet.length; cut++) {
            peer.sendAndAwaitRead(Arrays.copyOf(packet, cut));
            peer.send(Arrays.copyOfRange(packet, cut, packet.length));
            PlainSocket connection = target.accept();
            assertThat(connection.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(connection.received()).isEqualTo(Bytes.of("some"));
            connection.close();
            if (dialect == Dialect.EXTENDED) {
                assertThat(peer.next()).isEqualTo(peer.ending(ID)); // the target ends its direction, too
            }
        }
        assertNothingWasSaid();
    }

    @Test
    void dataThatClaimsFourGibibytesIsRelayedAsItComes() throws Exception {
        byte[] bytes = Bytes.random(4, 1_000_000);
        PlainSocket connection = open(ID);
        peer.send(dataHead(ID, 0xffff_ffffL));
        for (int from = 0; from < bytes.length; from += 100_000) {
            peer.send(Arrays.copyOfRange(bytes, from, from + 100_000));
            connection.awaitReceived(from + 100_000);
        }
        assertThat(connection.received()).isEqualTo(bytes);
        connection.send((byte) 8);
        assertThat(peer.next()).isEqualTo(data(ID, (byte) 8));
    }

    @Test
    void unknownIdentitiesAreSkippedWithTheirBytes() throws Exception {
        PlainSocket connection = open(ID);
        peer.send(
                data(OTHER, packet(data(ID, Bytes.of("not this")), peer.ending(ID))),
                data(OTHER, Bytes.random(5, 300_000)),
                peer.ending(OTHER),
                data(ID, Bytes.of("but this")));
        assertThat(connection.awaitReceived(8)).isEqualTo(Bytes.of("but this"));
        assertNothingWasSaid();
        assertThat(connection.end()).isEmpty();
    }

    @Test
    void aCloseComesAfterAllBytesBeforeItAndIsNotAnswered() throws Exception {
        byte[] bytes = Bytes.random(6, 3_000_000);
        PlainSocket connection = open(ID);
        connection.pauseReading(true);
        peer.send(data(ID, bytes), peer.ending(ID));
        connection.pauseReading(false);
        assertThat(connection.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(connection.received()).isEqualTo(bytes);
        connection.send((byte) 1);
        connection.close();
        if (dialect == Dialect.EXTENDED) { // there the other direction stays open
            assertThat(peer.next()).isEqualTo(data(ID, (byte) 1));
            assertThat(peer.next()).isEqualTo(peer.ending(ID));
        }
        assertNothingWasSaid();
    }

    @Test
    void aTargetsEndIsToldOnceBehindItsBytes() throws Exception {
        byte[] bytes = Bytes.random(7, 1_000_000);
        PlainSocket connection = open(ID);
        connection.send(bytes);
        connection.finish();
        assertThat(peer.nextData(ID, bytes.length)).isEqualTo(bytes);
        assertThat(peer.next()).isEqualTo(peer.ending(ID));
        peer.send(peer.ending(ID));
        if (dialect == Dialect.CLASSIC) { // in the extended dialect this can be a protocol error
            peer.send(data(ID, (byte) 1));
        }
        connection.awaitEnd();
        assertNothingWasSaid();
    }

    @Test
    void aTargetsResetIsToldOnce() throws Exception {
        PlainSocket connection = open(ID);
        connection.send((byte) 0);
        assertThat(peer.next()).isEqualTo(data(ID, (byte) 0)); // the client knows that the target is up
        connection.reset();
        assertThat(peer.next()).isEqualTo(peer.resetting(ID, TARGET_RESET));
        peer.send(data(ID, Bytes.random(8, 100_000)), peer.ending(ID));
        assertNothingWasSaid();
    }

    @Test
    void aTargetThatRefusesIsToldSo() throws Exception {
        PlainSocket other = open(OTHER);
        peer.send(peer.opening(ID, RawTarget.refusingPort()), data(ID, Bytes.random(9, 200_000)));
        assertThat(peer.next()).isEqualTo(peer.resetting(ID, TARGET_REFUSED));
        assertNothingWasSaid();
        other.send((byte) 1);
        assertThat(peer.next()).isEqualTo(data(OTHER, (byte) 1));
    }

    @Test
    void aTargetThatRefusesAStreamThatIsBeingClosedIsToldOnceAtMost() throws Exception {
        int port = RawTarget.refusingPort();
        List<Instruction> closes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            closes.add(peer.resetting(ID + i, TARGET_REFUSED));
            peer.send(peer.opening(ID + i, port), data(ID + i, (byte) 1), peer.ending(ID + i));
        }
        peer.send(peer.opening(77, 0));
        for (Instruction said = peer.next(); !said.equals(peer.resetting(77, DENIED)); said = peer.next()) {
            assertThat(closes.remove(said)).as("%s, once", said).isTrue();
        }
    }

    @Test
    void targetPortZeroIsDenied() throws Exception {
        peer.send(peer.opening(ID, 0), data(ID, (byte) 1), peer.ending(ID));
        assertThat(peer.next()).isEqualTo(peer.resetting(ID, DENIED));
        assertNothingWasSaid();
    }

    @Test
    void anIdentityMayBeOpenedAgainWhenItsStreamIsOver() throws Exception {
        PlainSocket first = open(ID);
        first.close();
        assertThat(peer.next()).isEqualTo(peer.ending(ID));
        peer.endToo(ID);
        PlainSocket second = open(ID);
        peer.send(data(ID, Bytes.of("again")));
        assertThat(second.awaitReceived(5)).isEqualTo(Bytes.of("again"));
    }

    @Test
    void manyStreamsRunSideBySide() throws Exception {
        PlainSocket[] connections = new PlainSocket[100];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = open(ID + i);
        }
        Instruction[] round = new Instruction[connections.length];
        for (int turn = 0; turn < 20; turn++) {
            for (int i = 0; i < round.length; i++) {
                round[i] = data(ID + i, (byte) turn, (byte) i);
            }
            peer.send(round);
        }
        for (int i = 0; i < connections.length; i++) {
            byte[] received = connections[i].awaitReceived(40);
            for (int turn = 0; turn < 20; turn++) {
                assertThat(received[2 * turn]).isEqualTo((byte) turn);
                assertThat(received[2 * turn + 1]).isEqualTo((byte) i);
            }
        }
    }

    /** The second opening also names an invalid port, which alone would be answered with a refusal. */
    @Test
    void anIdentityInUseIsAProtocolErrorWhateverItsPortIs() throws Exception {
        PlainSocket served = open(ID);
        peer.send(peer.opening(ID, 0));
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
        assertThat(server.acceptGreeted("r").hasNext()).isFalse();
    }

    @Test
    void aHeartbeatOfAServerIsTaken() throws Exception {
        peer.send(Instruction.heartbeat(), Instruction.heartbeat());
        assertNothingWasSaid();
    }
}
