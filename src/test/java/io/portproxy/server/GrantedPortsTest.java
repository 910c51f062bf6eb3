package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.net.ListenException;
import io.portproxy.protocol.Dialect;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.testing.ExtendedSettings;
import io.portproxy.testing.HandMadeProof;
import io.portproxy.testing.Instruction;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.TestRemote;
import io.portproxy.testing.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests ports that remotes ask for (protocol.md, section 2.8). The test plays the remotes. */
class GrantedPortsTest {
    private static final String TOKEN = ExtendedSettings.TOKEN;
    private static final List<TokenVerifier> TOKENS = List.of(TokenVerifier.of(Token.of(TOKEN)));
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration STICKY = Duration.ofHours(1);

    // The codes of refusals in the protocol.
    private static final int NOT_GRANTED = 1;
    private static final int OUTSIDE = 2;
    private static final int UNSUPPORTED = 3;
    private static final int LIMIT = 4;
    private static final int TAKEN = 5;
    private static final int NONE_FREE = 6;

    private final List<TestRemote> remotes = new ArrayList<>();
    private ServerUnderTest server;

    @AfterEach
    void stop() throws Exception {
        for (TestRemote remote : remotes) {
            remote.close();
        }
        server.close();
    }

    /** Returns a grant. Each test uses a range of its own, below the ephemeral ports of Linux, so that no other process has its ports. */
    private static Grant grant(int first, int last, int max, Duration sticky) {
        return new Grant(LOOPBACK, first, last, max, sticky, 600);
    }

    private static RemoteSettings remote(String name, Grant grant) {
        return new RemoteSettings(name, TOKENS, List.of()).withGrant(grant);
    }

    private void start(RemoteSettings... settings) throws Exception {
        server = new ServerUnderTest(TestSettings.server(settings));
    }

    private TestRemote connect(String name) throws Exception {
        TestRemote remote = TestRemote.greetedToExpose(server.tunnelAddress(), name.hashCode(), name, TOKEN);
        remotes.add(remote);
        return remote;
    }

    /** Asks for a port and returns it. Fails if the server grants none. */
    private static int ask(TestRemote remote, int number, int port, boolean only, int target) throws Exception {
        remote.peer().send(Instruction.expose(number, port, only, target));
        Instruction answer = remote.peer().next(0x0020);
        assertThat(answer.int16(0)).isEqualTo(number);
        return answer.int16(2);
    }

    private static int refusal(TestRemote remote, Instruction request) throws Exception {
        remote.peer().send(request);
        Instruction answer = remote.peer().next(0x0021);
        assertThat(answer.int16(0)).isEqualTo(request.int16(0));
        assertThat(answer.body().length).as("has a message").isGreaterThan(6);
        return answer.int16(2);
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(LOOPBACK, port);
    }

    @Test
    void aRemoteGetsAPortByWhichUsersReachItsTarget() throws Exception {
        start(remote("r", grant(21000, 21099, 2, STICKY)));
        TestRemote remote = connect("r");

        int port = ask(remote, 7, 0, false, 8080);

        assertThat(port).isBetween(21000, 21099);
        TestRemote.Opened opened = remote.open(at(port));
        remote.peer().send(Instruction.data(opened.identity(), "hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(opened.user().awaitReceived(5)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        PortView view = server.role().remotes().get(0).ports().get(0);
        assertThat(view.granted()).isTrue();
        assertThat(view.target()).isEqualTo("127.0.0.1:8080");
        assertThat(view.streams().opened()).isOne();
        assertThat(server.role().grants().ports()).isOne();
        opened.user().close();
    }

    /** A granted port has no settings of its own. The list of its remote, or of the remote's template, applies. */
    @ParameterizedTest
    @ValueSource(strings = {"r", "dev-*"})
    void aPortIsForWhomTheRemoteIsFor(String entry) throws Exception {
        RemoteSettings settings = remote(entry, grant(24700, 24799, 2, STICKY));
        Access nobody =
                new Access(Optional.of(AddressSet.of(List.of(AddressRange.parse("192.0.2.1")))), AddressSet.NONE);
        start(settings.withAccess(Optional.of(nobody)));
        TestRemote remote = connect(entry.replace("*", "ann"));
        int port = ask(remote, 7, 0, false, 8080);

        try (PlainSocket user = PlainSocket.connect(at(port))) {
            assertThat(user.awaitEnd()).isEqualTo(PlainSocket.End.RESET);
        }
        server.change(List.of(settings), Duration.ZERO, () -> {});
        TestRemote.Opened opened = remote.open(at(port));
        server.change(List.of(settings.withAccess(Optional.of(nobody))), Duration.ZERO, () -> {});

        assertThat(opened.user().awaitEnd()).isEqualTo(PlainSocket.End.RESET);
        PortView view = server.role().remotes().get(0).ports().get(0);
        assertThat(view.granted()).isTrue();
        assertThat(view.refused()).containsEntry("access", 1L);
    }

    @Test
    void theSameTargetHasTheSamePortAfterTheRemoteHasComeBack() throws Exception {
        start(remote("r", grant(21100, 21199, 2, STICKY)));
        TestRemote remote = connect("r");
        int port = ask(remote, 1, 0, false, 8080);
        assertThat(ask(remote, 2, 0, false, 8080)).as("asked for again").isEqualTo(port);

        remote.close();
        await().until(() -> server.role().grants().kept() == 1);
        PlainSocket user = PlainSocket.connect(at(port));
        assertThat(user.awaitEnd()).as("while it is away").isEqualTo(PlainSocket.End.RESET);
        user.close();

        assertThat(ask(connect("r"), 9, 0, false, 8080)).isEqualTo(port);
        assertThat(server.role().grants().kept()).isZero();
    }

    @Test
    void theSamePortIsGivenByAnotherServerThatKnowsNothing() throws Exception {
        start(remote("r", grant(21200, 21299, 2, STICKY)));
        TestRemote remote = connect("r");
        int first = ask(remote, 1, 0, false, 8080);
        int second = ask(remote, 2, 0, false, 8081);
        remote.close();
        server.close();

        start(remote("r", grant(21200, 21299, 2, STICKY)));
        remote = connect("r");
        assertThat(ask(remote, 2, 0, false, 8081)).isEqualTo(second);
        assertThat(ask(remote, 1, 0, false, 8080)).isEqualTo(first);
    }

    @Test
    void aPortIsClosedWhenItsRemoteWasAwayForAsLongAsItIsKept() throws Exception {
        start(remote("r", grant(21300, 21399, 2, Duration.ofMillis(50))));
        TestRemote remote = connect("r");
        int port = ask(remote, 1, 0, false, 8080);

        remote.close();

        await().until(() -> server.role().grants().ports() == 0);
        try (ServerSocket free = new ServerSocket(port, 1, LOOPBACK)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void aWishIsGrantedOrRefusedWithTheReason() throws Exception {
        start(remote("r", grant(21400, 21409, 5, STICKY)), remote("other", grant(21400, 21409, 5, STICKY)));
        TestRemote remote = connect("r");
        TestRemote other = connect("other");

        assertThat(ask(remote, 1, 21405, true, 8080)).isEqualTo(21405);
        assertThat(refusal(other, Instruction.expose(1, 21405, true, 8080))).isEqualTo(TAKEN);
        assertThat(refusal(other, Instruction.expose(2, 80, true, 8080))).isEqualTo(OUTSIDE);
        assertThat(refusal(other, Instruction.expose(3, 0, false, 0))).isEqualTo(UNSUPPORTED);
        assertThat(refusal(remote, Instruction.expose(4, 21405, true, 22))).isEqualTo(TAKEN);
        try (ServerSocket held = new ServerSocket(21406, 1, LOOPBACK)) {
            assertThat(refusal(other, Instruction.expose(5, held.getLocalPort(), true, 8080)))
                    .isEqualTo(TAKEN);
        }
        assertThat(ask(other, 5, 21406, true, 8080)).isEqualTo(21406);
        assertThat(ask(other, 6, 21405, false, 8081)).as("a preference").isNotEqualTo(21405);
        assertThat(server.role().grants().refused()).containsEntry("taken", 3L).containsEntry("outside", 1L);
    }

    @Test
    void oneThatAsksForMoreThanMayBeWithoutAnAnswerLosesItsTunnel() throws Exception {
        start(remote("r", grant(23300, 23309, 2, STICKY)));
        TestRemote remote = connect("r");
        Instruction[] many = new Instruction[400];
        for (int i = 0; i < many.length; i++) {
            many[i] = Instruction.expose(i, 0, false, 8080);
        }

        remote.peer().send(many);

        assertThat(remote.peer().socket().awaitEnd()).isNotNull();
        await().until(() -> server.role().remotes().get(0).tunnels().isEmpty());
    }

    /** A stranger chooses such a name, and it appears in logs and in addresses of the admin API. */
    @ParameterizedTest
    @ValueSource(
            strings = {"dev-", "dev-*", "dev-a/b", "dev-a\\b", "dev-50%", "dev-a;b", "dev-\u202Ea", "Dev-ann", "home"})
    void aNameThatNoFileCouldHaveIsOfNoTemplate(String name) throws Exception {
        start(remote("dev-*", grant(23400, 23409, 2, STICKY)));
        TestRemote remote = TestRemote.connect(Dialect.EXTENDED, server.tunnelAddress());
        remotes.add(remote);
        Instruction hello = TestRemote.hello(1, 0, name);
        remote.peer().send(hello);
        Instruction challenge = remote.peer().next(0x0011);

        remote.peer().send(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)));

        assertThat(remote.peer().next(0x0014).int16(0)).as("denied").isEqualTo(9);
        assertThat(server.role().remotes()).isEmpty();
    }

    @Test
    void whenATokenOfATemplateWasProvedIsKnown() throws Exception {
        start(remote("dev-*", grant(23500, 23509, 2, STICKY)));
        assertThat(server.role().lastProved("dev-*", TOKENS.get(0))).isEmpty();

        ask(connect("dev-ann"), 1, 0, false, 8080);

        assertThat(server.role().lastProved("dev-*", TOKENS.get(0))).isPresent();
        assertThat(server.role().lastProved("dev-ann", TOKENS.get(0))).isPresent();
    }

    @Test
    void whatPassesAtGrantedPortsIsCountedByWhoGrantsThemAlsoWhenTheyAreClosed() throws Exception {
        start(remote("dev-*", grant(23600, 23609, 2, Duration.ofMillis(50))));
        TestRemote remote = connect("dev-ann");
        TestRemote.Opened opened = remote.open(at(ask(remote, 1, 0, false, 8080)));
        remote.peer().send(Instruction.data(opened.identity(), "hello".getBytes(StandardCharsets.UTF_8)));
        opened.user().awaitReceived(5);
        assertThat(server.role().grants().owners()).singleElement().satisfies(owner -> {
            assertThat(owner.name()).isEqualTo("dev-*");
            assertThat(owner.remotes()).isOne();
            assertThat(owner.tunnels()).isOne();
            assertThat(owner.streams().live()).isOne();
        });

        remote.close();
        await().until(() -> server.role().grants().ports() == 0);

        await().untilAsserted(() -> assertThat(server.role().grants().owners())
                .singleElement()
                .satisfies(owner -> {
                    assertThat(owner.remotes()).isZero();
                    assertThat(owner.streams().opened()).isOne();
                    assertThat(owner.streams().live()).isZero();
                    assertThat(owner.streams().bytesOut()).isEqualTo(5);
                }));
        opened.user().close();
    }

    @Test
    void aRemoteWithoutAGrantGetsNone() throws Exception {
        start(new RemoteSettings("r", TOKENS, List.of()));
        TestRemote remote = connect("r");

        assertThat(refusal(remote, Instruction.expose(1, 0, false, 8080))).isEqualTo(NOT_GRANTED);
        assertThat(server.role().remotes().get(0).ports()).isEmpty();
    }

    @Test
    void aRemoteThatHasNotSaidThatItAsksMustNot() throws Exception {
        start(remote("r", grant(21500, 21509, 5, STICKY)));
        TestRemote remote = TestRemote.greeted(server.tunnelAddress(), "r", TOKEN);
        remotes.add(remote);

        remote.peer().send(Instruction.expose(1, 0, false, 8080));

        remote.peer().socket().awaitEnd();
        assertThat(server.role().grants().granted()).isZero();
    }

    @Test
    void moreThanTheMostAreRefusedUnlessOneIsKeptForNobody() throws Exception {
        start(remote("r", grant(21600, 21609, 2, STICKY)));
        TestRemote remote = connect("r");
        int first = ask(remote, 1, 0, false, 1);
        int second = ask(remote, 2, 0, false, 2);
        assertThat(refusal(remote, Instruction.expose(3, 0, false, 3))).isEqualTo(LIMIT);

        remote.close();
        await().until(() -> server.role().grants().kept() == 2);
        remote = connect("r");
        assertThat(ask(remote, 2, 0, false, 2)).isEqualTo(second);
        assertThat(ask(remote, 3, 0, false, 3)).isNotEqualTo(second);

        assertThat(server.role().remotes().get(0).ports())
                .extracting(PortView::target)
                .containsExactlyInAnyOrder("127.0.0.1:2", "127.0.0.1:3");
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void whenNoPortIsFreeTheNextIsRefused() throws Exception {
        start(remote("r", grant(21700, 21701, 5, STICKY)));
        TestRemote remote = connect("r");

        assertThat(Set.of(ask(remote, 1, 0, false, 1), ask(remote, 2, 0, false, 2)))
                .containsExactlyInAnyOrder(21700, 21701);
        assertThat(refusal(remote, Instruction.expose(3, 0, false, 3))).isEqualTo(NONE_FREE);
    }

    @Test
    void aRequestByANumberThatWasUsedTakesThePlaceOfTheOther() throws Exception {
        start(remote("r", grant(21800, 21809, 1, STICKY)));
        TestRemote remote = connect("r");
        ask(remote, 1, 0, false, 1);

        ask(remote, 1, 0, false, 2);

        assertThat(server.role().remotes().get(0).ports())
                .extracting(PortView::target)
                .containsExactly("127.0.0.1:2");
    }

    @Test
    void fiveHundredRemotesAtOnceGetNoPortTwice() throws Exception {
        int count = 500;
        start(remote("dev-*", grant(22000, 22499, 1, STICKY)));
        ExecutorService users = Executors.newFixedThreadPool(20);
        try {
            List<Future<Integer>> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = "dev-" + i;
                ports.add(users.submit(() -> {
                    TestRemote remote =
                            TestRemote.greetedToExpose(server.tunnelAddress(), name.hashCode(), name, TOKEN);
                    synchronized (remotes) {
                        remotes.add(remote);
                    }
                    return ask(remote, 1, 0, false, 8080);
                }));
            }
            Set<Integer> different = new HashSet<>();
            for (Future<Integer> port : ports) {
                different.add(port.get());
            }
            assertThat(different)
                    .hasSize(count)
                    .allSatisfy(port -> assertThat(port).isBetween(22000, 22499));
        } finally {
            users.shutdownNow();
        }
        assertThat(server.role().grants().remotes()).isEqualTo(count);
    }

    @Test
    void aRemoteOfATemplateIsThereWhileItHasATunnelOrAPort() throws Exception {
        start(remote("dev-*", grant(22600, 22609, 1, Duration.ofMillis(50))));
        assertThat(server.role().remotes()).isEmpty();

        TestRemote remote = connect("dev-ann");
        ask(remote, 1, 0, false, 8080);
        assertThat(server.role().remotes()).singleElement().satisfies(view -> {
            assertThat(view.name()).isEqualTo("dev-ann");
            assertThat(view.template()).contains("dev-*");
        });

        remote.close();
        await().until(() -> server.role().remotes().isEmpty());
        await().until(() -> server.role().grants().ports() == 0);
    }

    @Test
    void aTemplateHasNoMoreRemotesThanItMay() throws Exception {
        start(remote("dev-*", new Grant(LOOPBACK, 22700, 22709, 1, STICKY, 1)));
        connect("dev-ann");

        assertThat(rejection("dev-bob")).as("limit").isEqualTo(8);
        assertThat(server.role().grants().remotesRefused()).isOne();
    }

    @Test
    void whatRemotesAskForGetsTheRoomThatTheServersLimitsLeave() throws Exception {
        server = new ServerUnderTest(TestSettings.server(
                        remote("dev-*", grant(22710, 22719, 3, STICKY)), remote("r", grant(22720, 22729, 3, STICKY)))
                .withLimits(new Limits(3, 2)));
        TestRemote first = connect("r");
        ask(first, 1, 0, false, 8080);
        ask(connect("dev-ann"), 1, 0, false, 8080);

        assertThat(refusal(first, Instruction.expose(2, 0, false, 8081))).isEqualTo(LIMIT);
        assertThat(ask(first, 1, 0, false, 8080)).as("what it has").isBetween(22720, 22729);
        assertThat(rejection("dev-bob")).as("a third remote beside a template").isEqualTo(8);
        assertThat(server.role().grants().remotesRefused()).isOne();
    }

    /** Returns the reason why the server rejects a remote with the right token. */
    private int rejection(String name) throws Exception {
        TestRemote refused = TestRemote.connect(Dialect.EXTENDED, server.tunnelAddress());
        remotes.add(refused);
        Instruction hello = TestRemote.hello(2, 0, name);
        refused.peer().send(hello);
        Instruction challenge = refused.peer().next(0x0011);
        refused.peer().send(Instruction.proof(HandMadeProof.remote(TOKEN, hello, challenge)));
        Instruction reject = refused.peer().next(0x0014);
        assertThat(reject.body()[2]).as("retry").isOne();
        return reject.int16(0);
    }

    @Test
    void aChangeTakesBackWhatIsNotGrantedAnyMore() throws Exception {
        start(remote("r", grant(22800, 22809, 2, STICKY)));
        TestRemote remote = connect("r");
        int port = ask(remote, 4, 0, false, 8080);

        server.change(List.of(new RemoteSettings("r", TOKENS, List.of())), Duration.ZERO, () -> {});

        Instruction told = remote.peer().next(0x0021);
        assertThat(told.int16(0)).isEqualTo(4);
        assertThat(told.int16(2)).isEqualTo(NOT_GRANTED);
        assertThat(server.role().remotes().get(0).ports()).isEmpty();
        assertThat(remote.peer().socket().end()).as("the tunnel stays").isEmpty();
        try (ServerSocket free = new ServerSocket()) {
            await().untilAsserted(() -> free.bind(at(port)));
        }
    }

    @Test
    void aChangeThatLeavesTheGrantDoesNotDisturb() throws Exception {
        RemoteSettings template = remote("dev-*", grant(22900, 22909, 2, STICKY));
        start(template);
        TestRemote remote = connect("dev-ann");
        int port = ask(remote, 4, 0, false, 8080);
        TestRemote.Opened opened = remote.open(at(port));

        server.change(List.of(template, remote("home", grant(22900, 22909, 2, STICKY))), STICKY, () -> {});

        remote.peer().send(Instruction.data(opened.identity(), "hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(opened.user().awaitReceived(5)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(server.role().remotes()).extracting(RemoteView::name).containsExactly("home", "dev-ann");
        opened.user().close();
    }

    @Test
    void theRemotesOfATemplateThatIsRemovedAreDismissed() throws Exception {
        start(remote("dev-*", grant(23000, 23009, 2, STICKY)));
        TestRemote remote = connect("dev-ann");
        int port = ask(remote, 4, 0, false, 8080);

        server.change(List.of(), Duration.ZERO, () -> {});

        assertThat(remote.peer().nextOf(0x001C).int16(0)).as("denied").isEqualTo(9);
        assertThat(server.role().remotes()).isEmpty();
        try (ServerSocket free = new ServerSocket()) {
            await().untilAsserted(() -> free.bind(at(port)));
        }
    }

    @Test
    void anEntryOfItsOwnComesBeforeATemplateAndALongerTemplateBeforeAShorter() throws Exception {
        start(
                remote("dev-*", grant(23100, 23109, 2, STICKY)),
                remote("dev-x-*", grant(23110, 23119, 2, STICKY)),
                new RemoteSettings("dev-own", TOKENS, List.of()));

        assertThat(refusal(connect("dev-own"), Instruction.expose(1, 0, false, 1)))
                .isEqualTo(NOT_GRANTED);
        assertThat(ask(connect("dev-x-1"), 1, 0, false, 1)).isBetween(23110, 23119);
        assertThat(ask(connect("dev-y-1"), 1, 0, false, 1)).isBetween(23100, 23109);
    }

    @Test
    void aConfiguredPortAndAGrantedOneNeverHaveTheSameAddress() throws Exception {
        PortSettings configured = new PortSettings(at(23200), Optional.empty(), 22, Optional.empty());
        start(remote("r", grant(23200, 23201, 2, STICKY)), new RemoteSettings("s", TOKENS, List.of(configured)));
        TestRemote remote = connect("r");
        assertThat(ask(remote, 1, 0, false, 8080)).isEqualTo(23201);
        assertThat(refusal(remote, Instruction.expose(2, 23200, true, 8080))).isEqualTo(TAKEN);

        PortSettings taken = new PortSettings(at(23201), Optional.empty(), 22, Optional.empty());
        assertThatThrownBy(() -> server.change(
                        List.of(
                                remote("r", grant(23200, 23201, 2, STICKY)),
                                new RemoteSettings("s", TOKENS, List.of(taken))),
                        Duration.ZERO,
                        () -> {}))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("granted to remote r");
        assertThat(server.role().remotes().get(1).ports().get(0).listening()).isTrue();
    }
}
