package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.UnixPath;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.Bytes;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestServer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which targets a remote opens for a proxy server, whose part the test plays. */
class ExtendedTargetsTest {
    private static final int WINDOW = 65_536;
    private static final long STREAM = 0x0123_4567_89abL;
    private static final int DENIED = 9;

    private final LogRecorder log = new LogRecorder();
    private RawTarget target;
    private TestServer server;
    private ClientUnderTest client;
    private TestPeer peer;

    @BeforeEach
    void open() throws Exception {
        target = RawTarget.open();
        server = new TestServer(Dialect.EXTENDED);
    }

    private void start(AllowedTarget... allow) throws Exception {
        client = new ClientUnderTest(
                ExtendedSettings.client("r", server.address()).withAllow(allow));
        peer = server.acceptGreeted(ExtendedSettings.TOKEN, WINDOW);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
        log.close();
    }

    private static AllowedTarget allowed(String host, int port) {
        return new AllowedPorts(host, Optional.of(port));
    }

    @Test
    void anAllowedTargetIsOpenedAndItsBytesCome() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port()), Instruction.data(STREAM, Bytes.of("ask")));
        PlainSocket served = target.accept();
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
        assertThat(served.awaitReceived(3)).isEqualTo(Bytes.of("ask"));
        served.send(Bytes.of("answer"));
        assertThat(peer.nextData(STREAM, 6)).isEqualTo(Bytes.of("answer"));
        served.finish();
        assertThat(peer.next(0x0017)).isEqualTo(Instruction.end(STREAM));
        peer.send(Instruction.end(STREAM));
        assertThat(served.awaitEnd()).isEqualTo(End.CLEAN);
    }

    @Test
    void anotherPortIsDeniedAndNotDialled() throws Exception {
        start(allowed("127.0.0.1", 1));
        peer.send(Instruction.open(STREAM, target.port(), Instruction.field(2, "192.0.2.7:4711")));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
        assertThat(log.linesWith("is not in portproxy.client.allow"))
                .hasSize(1)
                .allMatch(line -> line.contains("127.0.0.1:" + target.port()) && line.contains("192.0.2.7:4711"));
        assertThat(client.connected()).isTrue();
    }

    @Test
    void theViewHasWhatIsAllowedAndWhatWasAskedFor() throws Exception {
        start(allowed("127.0.0.1", 1));
        peer.send(Instruction.open(STREAM, target.port()));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
        ClientView view = client.role().view();
        assertThat(view.allow()).extracting(AllowedTarget::text).containsExactly("127.0.0.1:1");
        assertThat(view.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.target()).isEqualTo("127.0.0.1:" + target.port());
            assertThat(asked.asked()).isEqualTo(1);
            assertThat(asked.denied()).isEqualTo(1);
            assertThat(asked.lastDenied()).isPresent();
        });
        assertThat(view.forgotten()).isZero();
    }

    @Test
    void aHostThatIsNotAllowedIsDeniedThoughItsPortIs() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port(), Instruction.field(1, "localhost")));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
        peer.send(Instruction.open(STREAM + 1, target.port(), Instruction.field(1, "10.0.0.5")));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM + 1, DENIED));
        peer.send(Instruction.open(STREAM + 2, target.port(), Instruction.field(1, "127.0.0.1")));
        assertThat(peer.next().code()).isEqualTo(0x0016);
    }

    @Test
    void aHostIsComparedWithoutItsCaseAndResolvedByTheRemote() throws Exception {
        start(allowed("LocalHost", target.port()));
        peer.send(Instruction.open(STREAM, target.port(), Instruction.field(1, "localhost")));
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
        target.accept().send(Bytes.of("here"));
        assertThat(peer.nextData(STREAM, 4)).isEqualTo(Bytes.of("here"));
    }

    @Test
    void anIpv6TargetIsToldInBracketsAsItIsConfigured() throws Exception {
        start(allowed("127.0.0.1", 1));
        peer.send(Instruction.open(STREAM, 22, Instruction.field(1, "::1")));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
        assertThat(log.linesWith("[::1]:22 is not in portproxy.client.allow")).hasSize(1);
    }

    @Test
    void everyPortOfAHostIsAllowedByTheHostAlone() throws Exception {
        start(new AllowedPorts("127.0.0.1", Optional.empty()));
        peer.send(Instruction.open(STREAM, target.port()));
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
    }

    @ParameterizedTest
    @CsvSource({
        "unix:/run/a/app.sock, 0", // allowed, but does not exist
        "unix:/run/a/b/app.sock, 9",
        "unix:/run/a/../app.sock, 9",
        "unix:/run/ab/app.sock, 9",
        "unix:/RUN/a/app.sock, 9",
        "unix:/run/a/, 9",
        "unix:run/a/app.sock, 9",
        "/run/a/app.sock, 9",
    })
    void aFoldersSocketsAreAllowedAndNoOthers(String asked, int refused) throws Exception {
        start(new AllowedSockets(new UnixPath("/run/a"), true), new AllowedPorts("127.0.0.1", Optional.empty()));
        peer.send(Instruction.open(STREAM, 0, Instruction.field(1, asked)));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, refused == 0 ? 2 : refused));
    }

    @Test
    void aRangeAllowsItsPorts() throws Exception {
        start(new AllowedPorts("127.0.0.1", target.port(), 65535));
        peer.send(Instruction.open(STREAM, target.port() - 1));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
        peer.send(Instruction.open(STREAM + 1, target.port()));
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM + 1);
    }

    @Test
    void nothingIsAllowedByAnEmptyList() throws Exception {
        start();
        peer.send(Instruction.open(STREAM, target.port()));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, DENIED));
    }

    @Test
    void aNameThatDoesNotResolveIsToldAsTargetUnreachable() throws Exception {
        start(allowed("no-such-host.invalid", 7));
        peer.send(Instruction.open(STREAM, 7, Instruction.field(1, "no-such-host.invalid")));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, 2));
    }

    @Test
    void fieldsOfALaterVersionAreSkipped() throws Exception {
        start(new AllowedPorts("127.0.0.1", Optional.empty()));
        peer.send(Instruction.open(STREAM, target.port(), Instruction.field(77, "?"), Instruction.field(4, "tcp")));
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
    }

    @Test
    void theSameFieldTwiceEndsTheTunnel() throws Exception {
        start(new AllowedPorts("127.0.0.1", Optional.empty()));
        peer.send(Instruction.open(
                STREAM, target.port(), Instruction.field(1, "127.0.0.1"), Instruction.field(1, "127.0.0.1")));
        peer.socket().awaitEnd();
        assertThat(peer.hasNext()).isFalse();
        await().until(() -> !log.linesWith("protocol error").isEmpty());
    }

    @Test
    void anInstructionOfALaterVersionIsSkipped() throws Exception {
        start(new AllowedPorts("127.0.0.1", Optional.empty()));
        peer.send(Instruction.of(0x7777, Bytes.random(1, 100_000)), Instruction.ping(3));
        assertThat(peer.nextOf(0x001B)).isEqualTo(Instruction.pong(3));
    }

    private static final byte GOING_AWAY = 12;
    private static final byte[] HEARTBEAT = {0, 2};

    private void lost(String why) throws Exception {
        peer.socket().awaitEnd();
        await().until(() -> !log.linesWith(why).isEmpty());
    }

    /** The remote does not answer other errors of the second opening. */
    @Test
    void anIdentityInUseIsAProtocolErrorWhateverItsTargetIs() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port()));
        PlainSocket served = target.accept();
        peer.next(0x0016);
        peer.send(Instruction.open(STREAM, target.port() == 1 ? 2 : 1)); // a target that is not allowed
        lost("a second stream with the identity");
        assertThat(served.awaitEnd()).isEqualTo(End.RESET);
    }

    @Test
    void anIdentityInUseIsAProtocolErrorAlsoBehindAGoAway() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port()));
        target.accept();
        peer.next(0x0016);
        peer.send(goAway(), Instruction.open(STREAM, target.port()));
        lost("a second stream with the identity");
    }

    private static Instruction goAway() {
        return Instruction.of(0x001C, new byte[] {0, GOING_AWAY, 0, 0, 0x27, 0x10});
    }

    @Test
    void anOpenBehindTheServersOwnGoAwayIsAnsweredWithGoingAway() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(goAway(), Instruction.open(STREAM, target.port()));
        assertThat(peer.next()).isEqualTo(Instruction.reset(STREAM, GOING_AWAY));
        assertThat(client.connected()).isTrue();
    }

    @Test
    void aRemoteDialsAnewWhenTheTunnelHasEndedAndNotWhenTheServerGoesAway() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port()), goAway());
        PlainSocket served = target.accept();
        peer.next(0x0016);
        peer.send(Instruction.data(STREAM, Bytes.of("still")), Instruction.ping(7));
        served.awaitReceived(5);
        assertThat(peer.nextOf(0x001B)).isEqualTo(Instruction.pong(7));
        assertThat(log.linesWith("next try in")).isEmpty();
        peer.close();
        server.acceptGreeted(ExtendedSettings.TOKEN, WINDOW);
        assertThat(log.linesWith("next try in")).hasSize(1);
    }

    @Test
    void aHeartbeatOfAServerIsTakenAndOpenedIsNot() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(HEARTBEAT);
        peer.send(Instruction.open(STREAM, target.port()));
        peer.send(HEARTBEAT);
        assertThat(peer.next(0x0016).identity()).isEqualTo(STREAM);
        peer.send(Instruction.of(0x0016, new byte[] {0, 0, 0, 0, 0, 1}));
        lost("Opened, which is the remote's to say");
    }

    @Test
    void whatAHeadClaimsBeyondTheWindowIsAnErrorWhenItComes() throws Exception {
        start(allowed("127.0.0.1", target.port()));
        peer.send(Instruction.open(STREAM, target.port()));
        PlainSocket served = target.accept();
        byte[] head = Arrays.copyOf(Instruction.data(STREAM).bytes(), 12);
        head[9] = 0x7f; // about 8 million bytes
        peer.send(head);
        peer.send(Bytes.of("the first"));
        assertThat(served.awaitReceived(9)).isEqualTo(Bytes.of("the first"));
        assertThat(client.connected()).isTrue();
    }
}
