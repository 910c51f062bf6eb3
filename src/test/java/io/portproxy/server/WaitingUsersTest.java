package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.limits.LimitSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.usage.Quota;
import io.portproxy.usage.Span;
import io.portproxy.usage.Usage;
import io.portproxy.usage.UsageSettings;
import io.portproxy.usage.UsageStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests users who wait for a remote that is away while their port changes. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_IN_THREE_TUNNELS"})
class WaitingUsersTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Optional<Access> NOBODY =
            Optional.of(new Access(Optional.of(AddressSet.NONE), AddressSet.NONE));

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger heard = new AtomicInteger(); // connections that the target has accepted
    private ServerUnderTest server;
    private Target before;
    private PlainSocket user;

    WaitingUsersTest(Speech speech) {
        this.speech = speech;
    }

    @BeforeEach
    void targets() {
        before = closing(new Target(connection -> {
            heard.incrementAndGet();
            connection.getInputStream().transferTo(connection.getOutputStream());
        }));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T fresh) {
        open.add(fresh);
        return fresh;
    }

    private static PortSettings to(Target target) {
        return TestSettings.tcp(TestSettings.anyPort(), target.port());
    }

    private RemoteSettings remote(String name, PortSettings... ports) {
        return new RemoteSettings(name, speech.tokens(), List.of(ports));
    }

    private void startServer(PortSettings port) throws Exception {
        server = closing(new ServerUnderTest(TestSettings.server(remote("r", port), remote("other"))
                .withUsers(UserSettings.DEFAULT
                        .withLimits(LimitSettings.NONE.withHold(Optional.of(LONG)))
                        .withMost(100, 10))));
    }

    private ClientUnderTest startClient() throws Exception {
        ClientUnderTest client = closing(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        client.awaitConnected(server);
        return client;
    }

    private void aUserWaits() throws Exception {
        user = closing(PlainSocket.connectFrom("127.0.0.2", server.exposed(0)));
        await().until(() -> server.role().heldUsers() == 1);
    }

    private void change(RemoteSettings... remotes) throws Exception {
        server.change(List.of(remotes), LONG, () -> {});
    }

    private long refused(String why) {
        return server.role().remotes().get(0).ports().get(0).refused().getOrDefault(why, 0L);
    }

    /** Checks that the user is refused at once, while the remote is still away, and that nothing reaches the target later. */
    private void isRefused() throws Exception {
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> server.role().heldUsers() == 0);
        startClient();
        assertThat(user.size()).isZero();
        assertThat(heard).hasValue(0);
    }

    @Test
    void ofAPortThatIsDisabled() throws Exception {
        startServer(to(before));
        aUserWaits();
        change(
                remote(
                        "r",
                        new PortSettings(
                                TestSettings.anyPort(), false, Optional.empty(), before.port(), Optional.empty())),
                remote("other"));
        isRefused();
        assertThat(refused("disabled")).isEqualTo(1);
    }

    @Test
    void ofAPortThatIsRemoved() throws Exception {
        startServer(to(before));
        aUserWaits();
        change(remote("r"), remote("other"));
        isRefused();
    }

    @Test
    void ofAPortThatAnotherRemoteGets() throws Exception {
        startServer(to(before));
        aUserWaits();
        change(remote("r"), remote("other", TestSettings.tcp(server.exposed(0), before.port())));
        isRefused();
    }

    @Test
    void ofAPortThatLeadsElsewhere() throws Exception {
        Target after = closing(Target.echo());
        startServer(to(before));
        aUserWaits();
        change(remote("r", to(after)), remote("other"));
        isRefused();
        assertThat(refused("changed")).isEqualTo(1);
        assertThat(after.connections()).isZero();
    }

    @Test
    void whoMayNotComeInAnyMore() throws Exception {
        startServer(to(before));
        aUserWaits();
        change(remote("r", to(before).withAccess(NOBODY)), remote("other"));
        isRefused();
        assertThat(refused("access")).isEqualTo(1);
    }

    @Test
    void whoMayNotComeInAnyMoreAsTheRemoteSays() throws Exception {
        startServer(to(before));
        aUserWaits();
        change(remote("r", to(before)).withAccess(NOBODY), remote("other"));
        isRefused();
        assertThat(refused("access")).isEqualTo(1);
    }

    @Test
    void whoseQuotaIsUsedUp() throws Exception {
        startServer(to(before));
        UsageSettings often = new UsageSettings(
                Duration.ofMillis(100), Duration.ofDays(7), Duration.ofDays(120), Duration.ofDays(1830), 100);
        Usage usage = closing(new Usage(often, UsageStore.NONE, server.role(), Clock.systemUTC()));
        usage.start();
        ClientUnderTest client = startClient();
        PlainSocket first = closing(PlainSocket.connectFrom("127.0.0.2", server.exposed(0)));
        first.send(new byte[1000]);
        first.awaitReceived(1000);
        first.close();
        client.close();
        await().until(() -> !server.connected());
        aUserWaits();
        change(remote("r", to(before).withQuota(Optional.of(new Quota(100, Span.MONTH)))), remote("other"));
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        await().until(() -> refused("quota") == 1);
        startClient();
        assertThat(heard).hasValue(1); // that of the first user
    }

    @Test
    void aUserOfHttpIsToldSo() throws Exception {
        List<String> heads = WebUnderTest.heads();
        Target application = closing(WebUnderTest.application(heads));
        PortSettings port = new PortSettings(
                TestSettings.anyPort(),
                Optional.empty(),
                application.port(),
                Optional.of(WebUnderTest.http(application.port())));
        startServer(port);
        aUserWaits();
        user.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
        change(remote("r", port.withAccess(NOBODY)), remote("other"));
        await().until(() -> new String(user.received(), ISO_8859_1).startsWith("HTTP/1.1 403 "));
        startClient();
        assertThat(heads).isEmpty();
    }

    @Test
    void whoseWayIsTheSameGoesOn() throws Exception {
        startServer(to(before));
        aUserWaits();
        user.send((byte) 7);
        change(remote("r", to(before).withQuota(Optional.of(new Quota(1 << 20, Span.MONTH)))), remote("other"));
        change(remote("r", to(before)), remote("other"));
        startClient();
        assertThat(user.awaitReceived(1)).containsExactly(7);
        assertThat(server.role().heldUsers()).isZero();
    }
}
