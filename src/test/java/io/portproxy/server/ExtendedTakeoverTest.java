package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.Bytes;
import io.portproxy.testing.Encryption;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestPeer;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests who holds a name that several tunnels claim: tunnels of the same instance, and other instances. */
@ParameterizedClass
@EnumSource
class ExtendedTakeoverTest {
    private static final String TOKEN = ExtendedSettings.TOKEN;

    private final Encryption encryption;

    ExtendedTakeoverTest(Encryption encryption) {
        this.encryption = encryption;
    }

    private ServerSettings settings(OnDuplicate onDuplicate) {
        return encryption.of(
                TestSettings.server(ExtendedSettings.remote("r", 7)).withOnDuplicate(onDuplicate));
    }

    private TestRemote greeted(ServerUnderTest server, int instance, int index) throws Exception {
        return TestRemote.greeted(encryption.connect(server.tunnelAddress()), instance, index, "r", TOKEN);
    }

    /** A user, and the identity of its stream at the remote. */
    private record Stream(PlainSocket user, long identity) {}

    private static Stream open(ServerUnderTest server, TestRemote remote) throws Exception {
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        return new Stream(user, remote.peer().nextOf(0x0015).identity());
    }

    private static void assertCarries(Stream stream, TestRemote remote) throws Exception {
        stream.user().send(Bytes.of("ask"));
        assertThat(remote.peer().nextData(stream.identity(), 3)).isEqualTo(Bytes.of("ask"));
        int before = stream.user().size();
        remote.peer().send(Instruction.data(stream.identity(), Bytes.of("answer")));
        stream.user().awaitReceived(before + 6);
    }

    @Test
    void theSameInstanceTakesItsPlaceBackFromATunnelThatIsNotReadAnyMore() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REFUSE));
                TestRemote old = greeted(server, 1, 0)) {
            InetSocketAddress exposed = server.exposed(0);
            Stream stream = open(server, old);
            old.peer().socket().pauseReading(true);
            try (TestRemote fresh = greeted(server, 1, 0)) {
                assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
                assertThat(server.exposed(0)).isEqualTo(exposed);
                assertCarries(open(server, fresh), fresh);
                assertThat(log.linesWith("a newer tunnel")).hasSize(1);
            }
            stream.user().close();
        }
    }

    @Test
    void noUserIsRefusedWhileATunnelIsReplacedByItsOwnInstance() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE))) {
            List<TestRemote> all = new ArrayList<>();
            all.add(greeted(server, 1, 0));
            for (int i = 0; i < 20; i++) {
                TestRemote fresh = greeted(server, 1, 0);
                all.add(fresh);
                Stream stream = open(server, fresh); // the port is available at once
                assertCarries(stream, fresh);
                stream.user().close();
            }
            for (TestRemote remote : all) {
                remote.close();
            }
        }
    }

    @Test
    void anotherIndexOfTheSameInstanceStandsBesideTheFirst() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE));
                TestRemote first = greeted(server, 1, 0)) {
            Stream one = open(server, first);
            try (TestRemote second = greeted(server, 1, 1)) {
                // The port learns of a second tunnel shortly after its greeting. Until then the first gets all users.
                List<PlainSocket> users = new ArrayList<>();
                await().until(() -> {
                    users.add(PlainSocket.connect(server.exposed(0)));
                    return isOpened(second);
                });
                first.peer().send(Instruction.data(one.identity(), Bytes.of("one")));
                assertThat(one.user().awaitReceived(3)).isEqualTo(Bytes.of("one"));
                for (PlainSocket user : users) {
                    user.close();
                }
            }
            first.peer().send(Instruction.data(one.identity(), Bytes.of("two")));
            assertThat(one.user().awaitReceived(6)).isEqualTo(Bytes.of("onetwo"));
            one.user().close();
        }
    }

    private static boolean isOpened(TestRemote remote) throws Exception {
        boolean opened = false;
        while (!opened && remote.peer().hasNext()) {
            opened = remote.peer().nextAny().code() == 0x0015;
        }
        return opened;
    }

    @Test
    void anotherInstanceTakesTheNameOver() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE));
                TestRemote old = greeted(server, 1, 0)) {
            Stream stream = open(server, old);
            try (TestRemote fresh = greeted(server, 2, 0)) {
                assertThat(stream.user().awaitEnd()).isEqualTo(End.RESET);
                old.peer().socket().awaitEnd();
                assertCarries(open(server, fresh), fresh);
            }
        }
    }

    @Test
    void anotherInstanceIsRefusedWhileTheFirstIsThereAndTakenAfterwards() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REFUSE))) {
            try (TestRemote first = greeted(server, 1, 0)) {
                Stream stream = open(server, first);
                Instruction reject = answerTo(server, 2, 0);
                assertThat(reject.code()).isEqualTo(0x0014);
                assertThat(reject.int16(0)).as("denied").isEqualTo(9);
                assertThat(reject.body()[2]).as("retry").isEqualTo((byte) 1);
                assertCarries(stream, first);
            }
            await().until(() -> answerTo(server, 2, 0).code() == 0x0013);
        }
    }

    private Instruction answerTo(ServerUnderTest server, int instance, int index) throws Exception {
        try (TestPeer peer = encryption.connect(server.tunnelAddress())) {
            Instruction hello = TestRemote.hello(instance, index, "r");
            peer.send(hello);
            Instruction challenge = peer.next(0x0011);
            peer.send(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)));
            return peer.next();
        }
    }

    @Test
    void instancesThatShareANameTakeTurnsAndOneThatLeavesHarmsOnlyItsOwnStreams() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.BALANCE));
                TestRemote one = greeted(server, 1, 0)) {
            List<PlainSocket> users = new ArrayList<>();
            TestRemote two = greeted(server, 2, 0);
            for (int i = 0; i < 10; i++) {
                users.add(PlainSocket.connect(server.exposed(0)));
            }
            List<Long> ofOne = new ArrayList<>();
            List<Long> ofTwo = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ofOne.add(one.peer().next(0x0015).identity());
                ofTwo.add(two.peer().next(0x0015).identity());
            }
            assertThat(ofOne).doesNotContainAnyElementsOf(ofTwo);
            two.close();
            await().until(() ->
                    users.stream().filter(user -> user.end().isPresent()).count() == 5);
            for (long identity : ofOne) {
                one.peer().send(Instruction.data(identity, Bytes.of("on")), Instruction.end(identity));
            }
            int served = 0;
            for (PlainSocket user : users) {
                End end = user.awaitEnd();
                served += end == End.CLEAN && user.size() == 2 ? 1 : 0;
                user.close();
            }
            assertThat(served).isEqualTo(5);
            assertCarries(open(server, one), one);
        }
    }

    @Test
    void instancesThatTakeTheNameFromEachOtherAreSlowedDownAndToldSo() throws Exception {
        try (LogRecorder log = new LogRecorder();
                ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE))) {
            List<TestRemote> all = new ArrayList<>();
            for (int i = 0; i <= NameConflict.MANY; i++) {
                all.add(greeted(server, 1 + i % 2, 0));
            }
            TestRemote holder = all.get(NameConflict.MANY);
            Instruction reject = answerTo(server, 2, 0);
            assertThat(reject.code()).isEqualTo(0x0014);
            assertThat(reject.int16(0)).as("replaced").isEqualTo(15);
            assertThat(reject.body()[2]).as("retry").isEqualTo((byte) 1);
            assertThat(new String(reject.body(), StandardCharsets.UTF_8))
                    .contains("one at 127.0.0.1 and one at 127.0.0.1", "portproxy.server.on-duplicate: balance");
            assertCarries(open(server, holder), holder);
            assertThat(log.linesWith("several remotes take the name r from each other"))
                    .anyMatch(line -> line.startsWith("WARN"));
            for (TestRemote remote : all) {
                remote.close();
            }
        }
    }

    @Test
    void usersWhoComeAtOnceAreSpreadEvenlyOverTheTunnels() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE))) {
            List<TestRemote> tunnels = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tunnels.add(greeted(server, 1, i));
            }
            await().until(() -> loads(server).size() == 4);
            List<PlainSocket> users = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                users.add(PlainSocket.connect(server.exposed(0)));
            }
            await().until(() ->
                    loads(server).stream().mapToInt(Integer::intValue).sum() == 200);
            assertThat(loads(server)).allSatisfy(load -> assertThat(load).isBetween(48, 52));
            for (PlainSocket user : users) {
                user.close();
            }
            for (TestRemote tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    private static List<Integer> loads(ServerUnderTest server) {
        return server.role().remotes().get(0).tunnels().stream()
                .map(tunnel -> tunnel.handle().view().streams())
                .toList();
    }

    @Test
    void aRemoteThatGoesAwayGetsNoNewStreams() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE));
                TestRemote leaving = greeted(server, 1, 0)) {
            Stream stream = open(server, leaving);
            leaving.peer().send(Instruction.of(0x001C, new byte[] {0, 12, 0, 0, 0x10, 0}), Instruction.ping(8));
            leaving.peer().nextOf(0x001B);
            try (PlainSocket late = PlainSocket.connect(server.exposed(0))) {
                assertThat(late.awaitEnd()).isEqualTo(End.RESET);
            }
            assertCarries(stream, leaving);
            stream.user().close();
        }
    }

    @Test
    void whatIsReplacedIsToldSo() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE));
                TestRemote old = greeted(server, 1, 0);
                TestRemote fresh = greeted(server, 2, 0)) {
            Instruction goAway = old.peer().nextOf(0x001C);
            assertThat(goAway.int16(0)).as("replaced").isEqualTo(15);
            assertThat(goAway.int32(2)).as("deadline").isZero();
            old.peer().socket().awaitEnd();
            assertCarries(open(server, fresh), fresh);
        }
    }

    @Test
    void onlyAFirstTunnelTakesANameOver() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.REPLACE));
                TestRemote first = greeted(server, 1, 0)) {
            Instruction reject = answerTo(server, 2, 1);
            assertThat(reject.code()).isEqualTo(0x0014);
            assertThat(reject.int16(0)).as("replaced").isEqualTo(15);
            assertThat(reject.body()[2]).as("retry").isEqualTo((byte) 1);
            assertCarries(open(server, first), first);
            assertThat(answerTo(server, 1, 1).code()).as("of the same instance").isEqualTo(0x0013);
            assertThat(answerTo(server, 2, 0).code()).as("another's first").isEqualTo(0x0013);
            first.peer().socket().awaitEnd();
        }
    }

    @Test
    void anInstanceHasAtMostSixteenTunnels() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(settings(OnDuplicate.BALANCE));
                TestRemote first = greeted(server, 1, 0)) {
            assertThat(answerTo(server, 1, 15).code()).isEqualTo(0x0013);
            Instruction reject = answerTo(server, 1, 16);
            assertThat(reject.code()).isEqualTo(0x0014);
            assertThat(reject.int16(0)).as("limit").isEqualTo(8);
            assertCarries(open(server, first), first);
        }
    }
}
