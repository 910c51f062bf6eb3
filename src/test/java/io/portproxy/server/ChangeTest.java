package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.ListenException;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.TestSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests changes of what a server exposes while it runs. A change affects only what differs. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED"})
class ChangeTest {
    private final Speech speech;
    private RawTarget target;
    private RawTarget other;
    private ServerUnderTest server;
    private ClientUnderTest client;

    ChangeTest(Speech speech) {
        this.speech = speech;
    }

    /** Returns whether the dialect is extended. The classic one has no half-close and no windows, and gives no reason for the end of a stream. */
    private boolean isExtended() {
        return speech.dialect() == Dialect.EXTENDED;
    }

    @BeforeEach
    void start() throws Exception {
        target = RawTarget.open();
        other = RawTarget.open();
        server = new ServerUnderTest(TestSettings.server(remote("r", port(0, target))));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        client.awaitConnected(server);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
        target.close();
        other.close();
        assertThat(server.buffersInUse()).isZero();
    }

    private static PortSettings port(int number, RawTarget to) {
        InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), number);
        return new PortSettings(bind, Optional.empty(), to.port(), Optional.empty());
    }

    private RemoteSettings remote(String name, PortSettings... ports) {
        return new RemoteSettings(name, speech.tokens(), List.of(ports));
    }

    private static PortSettings disabled(PortSettings port) {
        PortSettings disabled =
                new PortSettings(TestSettings.anyPort(), false, port.targetHost(), port.targetPort(), port.http());
        return disabled.at(port.address());
    }

    /** Makes a change that gives the streams of removed ports plenty of time to end. */
    private void change(List<RemoteSettings> plan) throws ListenException {
        server.change(plan, Duration.ofHours(1), () -> {});
    }

    private void awaitDismissed() {
        await().until(() -> isExtended()
                ? client.role().view().counts().closed().containsKey("denied")
                : client.role().view().lastFailure().isPresent());
    }

    /** Sends a user's first bytes and waits until a target has received them. Returns the target's connection. */
    private static PlainSocket carried(PlainSocket user, RawTarget to) throws Exception {
        user.send("hello".getBytes(StandardCharsets.UTF_8));
        PlainSocket reached = to.accept();
        assertThat(new String(reached.awaitReceived(5), StandardCharsets.UTF_8)).isEqualTo("hello");
        return reached;
    }

    @Test
    void aPortThatIsAddedIsThereAtOnceAndTheOthersDoNotNotice() throws Exception {
        InetSocketAddress first = server.exposed(0);
        PlainSocket user = PlainSocket.connect(first);
        PlainSocket reached = carried(user, target);

        change(List.of(remote("r", port(0, target), port(0, other))));

        assertThat(server.exposed(0)).isEqualTo(first);
        try (PlainSocket second = PlainSocket.connect(server.exposed(1))) {
            carried(second, other).close();
        }
        assertThat(user.end()).isEmpty();
        assertThat(server.role().remotes().get(0).ports().get(0).streams().opened())
                .isOne();
        user.close();
        reached.close();
    }

    @Test
    void aPortWithAnotherTargetIsNotBoundAgainAndItsStreamsGoOn() throws Exception {
        int number = server.exposed(0).getPort();
        change(List.of(remote("r", port(0, target), port(0, other))));
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        PlainSocket reached = carried(user, target);

        change(List.of(remote("r", port(0, other))));

        assertThat(server.exposed(0).getPort()).isEqualTo(number);
        try (PlainSocket second = PlainSocket.connect(server.exposed(0))) {
            carried(second, other).close();
        }
        assertThat(user.end()).isEmpty();
        assertThat(server.role().remotes().get(0).ports())
                .singleElement()
                .satisfies(port -> assertThat(port.target()).endsWith(":" + other.port()));
        user.close();
        reached.close();
    }

    @Test
    void whatWasCountedAtAPortStaysWhenItLeadsElsewhere() throws Exception {
        int number = server.exposed(0).getPort();
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        PlainSocket reached = carried(user, target);
        await().until(() -> only().streams().bytesIn() == 5);

        for (RawTarget to : List.of(other, target, other)) {
            change(List.of(remote("r", port(number, to))));
            assertThat(only().streams().opened()).isOne();
            assertThat(only().streams().live()).isOne();
        }
        user.send("more".getBytes(StandardCharsets.UTF_8));
        await().until(() -> only().streams().bytesIn() == 9);
        user.close();
        reached.close();
        await().until(() -> only().streams().live() == 0);
        change(List.of(remote("r", disabled(port(number, other)))));
        try (PlainSocket refused = PlainSocket.connect(server.exposed(0))) {
            assertThat(refused.awaitEnd()).isEqualTo(End.RESET);
        }
        await().until(() -> only().refused().equals(Map.of("disabled", 1L)));
        change(List.of(remote("r", port(number, other))));
        try (PlainSocket second = PlainSocket.connect(server.exposed(0))) {
            carried(second, other).close();
        }

        await().untilAsserted(() -> {
            PortView port = only();
            assertThat(port.streams().opened()).isEqualTo(2);
            assertThat(port.streams().live()).isZero();
            assertThat(port.streams().bytesIn()).isEqualTo(14);
            assertThat(port.delays().opens()) // in the classic dialect, only an answer shows that the target is up
                    .isEqualTo(Map.of(isExtended() ? "success" : "ended", 2L));
            assertThat(port.refused()).isEqualTo(Map.of("disabled", 1L));
        });
        assertThat(server.role().remotes().get(0).streams().opened()).isEqualTo(2);
    }

    private PortView only() {
        return server.role().remotes().get(0).ports().get(0);
    }

    @Test
    void aPortThatIsRemovedIsClosedAndItsStreamsMayEnd() throws Exception {
        InetSocketAddress address = server.exposed(0);
        PlainSocket user = PlainSocket.connect(address);
        PlainSocket reached = carried(user, target);

        change(List.of(remote("r")));

        await().untilAsserted(() ->
                assertThatThrownBy(() -> PlainSocket.connect(address)).isNotNull());
        reached.send("bye".getBytes(StandardCharsets.UTF_8));
        reached.close();
        assertThat(new String(user.awaitReceived(3), StandardCharsets.UTF_8)).isEqualTo("bye");
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        user.close();
    }

    @Test
    void whenTheDrainIsOverTheStreamsOfARemovedPortAreResetAndNoOthers() throws Exception {
        change(List.of(remote("r", port(0, target), port(0, other))));
        try (PlainSocket removed = PlainSocket.connect(server.exposed(0));
                PlainSocket stays = PlainSocket.connect(server.exposed(1))) {
            PlainSocket gone = carried(removed, target);
            PlainSocket reached = carried(stays, other);
            InetSocketAddress kept = server.exposed(1);

            server.change(List.of(remote("r", port(kept.getPort(), other))), Duration.ZERO, () -> {});

            assertThat(removed.awaitEnd()).isEqualTo(End.RESET);
            assertThat(gone.awaitEnd()).isEqualTo(isExtended() ? End.RESET : End.CLEAN);
            stays.send("more".getBytes(StandardCharsets.UTF_8));
            reached.awaitReceived(9);
            assertThat(server.exposed(0)).isEqualTo(kept);
            gone.close();
            reached.close();
        }
    }

    @Test
    void whereAPortLedBeforeItsStreamsAreResetToo() throws Exception {
        int number = server.exposed(0).getPort();
        List<PlainSocket> users = new ArrayList<>();
        List<PlainSocket> reached = new ArrayList<>();
        for (RawTarget to : List.of(target, other, target)) {
            change(List.of(remote("r", port(number, to))));
            users.add(PlainSocket.connect(server.exposed(0)));
            reached.add(carried(users.get(users.size() - 1), to));
        }
        assertThat(users).allSatisfy(user -> assertThat(user.end()).isEmpty());

        server.change(List.of(remote("r")), Duration.ZERO, () -> {});

        for (PlainSocket user : users) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            user.close();
        }
        for (PlainSocket each : reached) {
            each.close();
        }
    }

    @Test
    void aDisabledPortStaysBoundAndResetsItsUsers() throws Exception {
        int number = server.exposed(0).getPort();
        try (PlainSocket before = PlainSocket.connect(server.exposed(0))) {
            PlainSocket reached = carried(before, target);

            server.change(List.of(remote("r", disabled(port(number, target)))), Duration.ZERO, () -> {});

            assertThat(before.awaitEnd()).isEqualTo(End.RESET);
            reached.close();
        }
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        }
        PortView port = server.role().remotes().get(0).ports().get(0);
        assertThat(port.refusing()).contains(PortRefusal.DISABLED);
        assertThat(port.refused()).containsEntry("disabled", 1L);
        assertThat(server.role().remotes().get(0).tunnels()).hasSize(1);

        change(List.of(remote("r", port(number, target))));
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            carried(user, target).close();
        }
    }

    @Test
    void aDisabledRemoteIsDismissedAndRefusedUntilItIsEnabled() throws Exception {
        PortSettings port = port(server.exposed(0).getPort(), target);
        change(List.of(new RemoteSettings("r", false, speech.tokens(), List.of(port))));

        awaitDismissed();
        await().until(() -> server.role().remotes().get(0).lastRefusal().isPresent());
        assertThat(server.role().remotes().get(0).lastRefusal().orElseThrow().message())
                .contains("the remote is disabled");

        change(List.of(remote("r", port)));
        await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
    }

    @Test
    void whatCannotBeCommittedChangesNothing() throws Exception {
        InetSocketAddress free;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = (InetSocketAddress) any.getLocalSocketAddress();
        }
        List<RemoteSettings> plan = List.of(remote("s", port(free.getPort(), other)));

        assertThatThrownBy(() -> server.change(plan, Duration.ZERO, () -> {
                    throw new IllegalStateException("no disk");
                }))
                .hasMessage("no disk");

        assertThat(server.role().remotes()).extracting(RemoteView::name).containsExactly("r");
        assertThatThrownBy(() -> PlainSocket.connect(free)).isNotNull();
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            carried(user, target).close();
        }
    }

    @Test
    void aPortMayBecomeAnotherRemotesWithoutBeingBoundAgain() throws Exception {
        int number = server.exposed(0).getPort();
        change(List.of(remote("r"), remote("s", port(0, other))));
        int others = server.exposed(0).getPort();
        assertThat(others).isNotEqualTo(number);

        change(List.of(remote("r", port(others, target)), remote("s")));
        InetSocketAddress moved = server.exposed(0);
        change(List.of(remote("s", port(others, other)), remote("r")));

        assertThat(server.exposed(0)).isEqualTo(moved);
        try (ClientUnderTest second = new ClientUnderTest(speech.client("s", server.tunnelAddress()))) {
            await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
            try (PlainSocket user = PlainSocket.connect(moved)) {
                carried(user, other).close();
            }
            assertThat(second.role().view().streams().opened()).isOne();
        }
    }

    @Test
    void whereOnePortCannotBeBoundNothingChanges() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<RemoteView> before = server.role().remotes();
            List<RemoteSettings> plan =
                    List.of(remote("s", port(0, other)), remote("r", port(taken.getLocalPort(), other)));

            assertThatThrownBy(() -> change(plan))
                    .isInstanceOfSatisfying(
                            ListenException.class,
                            e -> assertThat(e.address()).isEqualTo(taken.getLocalSocketAddress()));

            assertThat(server.role().remotes()).hasSameSizeAs(before);
            try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
                carried(user, target).close();
            }
        }
    }

    @Test
    void aNameOrAnAddressThatIsThereTwiceChangesNothing() {
        assertThatThrownBy(() -> change(List.of(remote("r"), remote("r"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r twice");
        assertThat(server.role().isListening()).isTrue();
        assertThat(server.role().remotes().get(0).ports()).hasSize(1);
    }

    @Test
    void aRemovedRemoteIsDismissedAndMayComeBack() throws Exception {
        RemoteSettings settings = remote("r", port(0, target));
        change(List.of());
        awaitDismissed();
        assertThat(server.role().remotes()).isEmpty();

        change(List.of(settings));
        await().until(() -> server.role().remotes().get(0).tunnels().size() == 1);
        try (PlainSocket user = PlainSocket.connect(server.exposed(0))) {
            carried(user, target).close();
        }
    }

    @Test
    void nothingChangesBehindTheStop() {
        assertThat(server.stop(Duration.ZERO)).succeedsWithin(Duration.ofSeconds(20));
        assertThatThrownBy(() -> change(List.of(remote("r", port(0, target)))))
                .isInstanceOf(IllegalStateException.class);
    }
}
