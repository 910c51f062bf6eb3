package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.ErrorPages;
import io.portproxy.http.HostPattern;
import io.portproxy.net.AddressRange;
import io.portproxy.net.AddressSet;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.Bans;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.testing.WebUnderTest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests who may connect, by the users' addresses. The users come from several loopback addresses. */
@ParameterizedClass
@EnumSource(names = {"CLASSIC", "EXTENDED_IN_THREE_TUNNELS"})
class AccessTest {
    private static final String FRIEND = "127.0.0.2";
    private static final String STRANGER = "127.0.0.3";
    private static final Optional<Access> FRIENDS_ALONE = Optional.of(allow(FRIEND));
    private static final Optional<Access> NO_FRIENDS = Optional.of(deny(FRIEND));
    private static final Duration LONG = Duration.ofHours(1);

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> heads = WebUnderTest.heads();
    private ServerUnderTest server;
    private int target;

    AccessTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static AddressSet set(String... ranges) {
        return AddressSet.of(Stream.of(ranges).map(AddressRange::parse).toList());
    }

    private static Access allow(String... ranges) {
        return new Access(Optional.of(set(ranges)), AddressSet.NONE);
    }

    private static Access deny(String... ranges) {
        return new Access(Optional.empty(), set(ranges));
    }

    private static GatewaySettings gateway() {
        return GatewaySettings.plain(
                "web",
                GatewaySettings.Address.of(TestSettings.anyPort()),
                new GatewaySettings.Requests(Duration.ofSeconds(10), 100, 4096));
    }

    private PortSettings port() {
        return new PortSettings(
                TestSettings.anyPort(), Optional.empty(), target, Optional.of(WebUnderTest.http(target)));
    }

    private HostSettings host(String name) {
        RouteSettings route = new RouteSettings(true, Optional.empty(), target, Optional.of(WebUnderTest.http(target)));
        return new HostSettings(HostPattern.parse(name), "/", Set.of(), route);
    }

    private RemoteSettings remote(PortSettings... ports) {
        return new RemoteSettings("r", speech.tokens(), List.of(ports));
    }

    private void prepare() {
        Target application = WebUnderTest.application(heads);
        open.add(application);
        target = application.port();
    }

    private void start(Access forAll, RemoteSettings remote) throws Exception {
        server = new ServerUnderTest(TestSettings.server(remote)
                .withGateways(List.of(gateway()))
                .withUsers(UserSettings.DEFAULT.withAccess(forAll)));
        open.add(server);
        open.add(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        await().until(server::connected);
    }

    private PlainSocket user(String from, InetSocketAddress to) throws Exception {
        PlainSocket user = PlainSocket.connectFrom(from, to);
        open.add(user);
        return user;
    }

    private static void send(PlainSocket user, String host) throws Exception {
        user.send(("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    private static String text(PlainSocket user) {
        return new String(user.received(), ISO_8859_1);
    }

    private void isCarried(PlainSocket user, String host) throws Exception {
        int before = text(user).length();
        send(user, host);
        await().until(() -> text(user).substring(before).endsWith("at /x\n"));
    }

    private void isReset(String from, InetSocketAddress to) throws Exception {
        PlainSocket user = user(from, to);
        assertThat(user.awaitEnd()).isEqualTo(End.RESET);
        assertThat(user.received()).isEmpty();
    }

    private void isForbidden(PlainSocket user, String host) throws Exception {
        int before = text(user).length();
        send(user, host);
        await().until(() -> user.end().isPresent());
        assertThat(text(user).substring(before)).startsWith("HTTP/1.1 403 ").contains("from your address");
    }

    private InetSocketAddress web() {
        return server.role().gatewayAddresses().get(0);
    }

    private PortView view(int index) {
        return server.role().remotes().get(0).ports().get(index);
    }

    private void change(Access forAll, Duration drain, RemoteSettings remote) throws Exception {
        server.role().change(new Exposure(List.of(gateway()), List.of(remote), forAll), drain, () -> {});
    }

    @Test
    void theNarrowestThatSaysSomethingDecides() throws Exception {
        prepare();
        start(
                deny(FRIEND, STRANGER),
                remote(port(), port().withAccess(FRIENDS_ALONE), port().withAccess(Optional.of(Access.ALL)))
                        .withAccess(NO_FRIENDS));

        isReset(FRIEND, server.exposed(0));
        isCarried(user(STRANGER, server.exposed(0)), "x");
        isCarried(user(FRIEND, server.exposed(1)), "x");
        isReset(STRANGER, server.exposed(1));
        isCarried(user(FRIEND, server.exposed(2)), "x");
        assertThat(view(0).refused()).containsOnly(Map.entry("access", 1L));
        assertThat(view(1).refused()).containsOnly(Map.entry("access", 1L));
        assertThat(view(2).refused()).isEmpty();
        assertThat(view(0).streams().opened()).isOne();
        assertThat(heads).hasSize(3);
    }

    @Test
    void whatIsDeniedIsRefusedAlsoIfItIsAllowed() throws Exception {
        prepare();
        Access access = new Access(Optional.of(set("127.0.0.0/8")), set(STRANGER));
        start(Access.ALL, remote(port()).withAccess(Optional.of(access)));

        isCarried(user(FRIEND, server.exposed(0)), "x");
        isReset(STRANGER, server.exposed(0));
    }

    @Test
    void aHostAnswersThoseWhoMayNotComeIn() throws Exception {
        prepare();
        start(
                Access.ALL,
                remote().withHosts(
                                List.of(host("all.example"), host("app.example").withAccess(FRIENDS_ALONE))));

        isCarried(user(FRIEND, web()), "app.example");
        PlainSocket stranger = user(STRANGER, web());
        isCarried(stranger, "all.example");
        isForbidden(stranger, "app.example");
        assertThat(view(1).refused()).containsOnly(Map.entry("access", 1L));
        assertThat(view(1).requests().statuses()).containsEntry("4xx", 1L);
        assertThat(heads).hasSize(2);
    }

    @Test
    void aGatewayRefusesAtOnceWhomNoHostWouldLetIn() throws Exception {
        prepare();
        start(deny(STRANGER), remote().withHosts(List.of(host("app.example"))));

        isCarried(user(FRIEND, web()), "app.example");
        isReset(STRANGER, web());
        assertThat(server.role().gateways().get(0).refused()).containsOnly(Map.entry("access", 1L));
    }

    @Test
    void aGatewayWaitsForTheNameWhereAHostHasAListOfItsOwn() throws Exception {
        prepare();
        start(
                deny(STRANGER),
                remote().withHosts(
                                List.of(host("app.example"), host("all.example").withAccess(Optional.of(Access.ALL)))));

        isCarried(user(STRANGER, web()), "all.example");
        isForbidden(user(STRANGER, web()), "app.example");
        isForbidden(user(STRANGER, web()), "nobodys.example");
        assertThat(server.role().gateways().get(0).refused()).containsOnly(Map.entry("access", 1L));
    }

    /** The port keeps its address, its counters, and the streams of users who may still connect. */
    @Test
    void aChangeHoldsForNewUsersAtOnceAndForOthersAfterTheDrain() throws Exception {
        prepare();
        start(Access.ALL, remote(port()).withHosts(List.of(host("app.example"))));
        List<PlainSocket> friends = new ArrayList<>();
        List<PlainSocket> strangers = new ArrayList<>();
        for (InetSocketAddress door : List.of(server.exposed(0), web())) {
            friends.add(user(FRIEND, door));
            strangers.add(user(STRANGER, door));
        }
        for (PlainSocket each :
                Stream.concat(friends.stream(), strangers.stream()).toList()) {
            isCarried(each, "app.example");
        }
        RemoteSettings after = remote(port().withAccess(FRIENDS_ALONE))
                .withHosts(List.of(host("app.example").withAccess(FRIENDS_ALONE)));

        change(Access.ALL, LONG, after);

        isReset(STRANGER, server.exposed(0));
        isForbidden(user(STRANGER, web()), "app.example");
        isCarried(strangers.get(0), "app.example"); // a port keeps open connections
        isForbidden(strangers.get(1), "app.example"); // a host checks each request
        assertThat(view(0).streams().opened()).isEqualTo(2);

        change(Access.ALL, Duration.ZERO, remote(port()).withHosts(List.of(host("app.example"))));
        change(Access.ALL, Duration.ZERO, after);

        assertThat(strangers.get(0).awaitEnd()).isEqualTo(End.RESET);
        for (PlainSocket friend : friends) {
            isCarried(friend, "app.example");
        }
        assertThat(view(0).streams().opened()).isEqualTo(2);
        assertThat(view(0).streams().live()).isOne();
    }

    @Test
    void whoLogsInAgainIsAskedByTheListThatHoldsNow() throws Exception {
        prepare();
        BasicAuth auth = new BasicAuth(
                "Shop",
                List.of(new BasicAuth.User("ann", "a"), new BasicAuth.User("bob", "b")),
                List.of(),
                false,
                String::equals);
        PortSettings asking = new PortSettings(
                TestSettings.anyPort(),
                Optional.empty(),
                target,
                Optional.of(WebUnderTest.http(target).withAuth(auth)));
        start(Access.ALL, remote(asking));
        PlainSocket stranger = user(STRANGER, server.exposed(0));
        isCarried(stranger, "x\r\nAuthorization: Basic YW5uOmE="); // ann

        change(Access.ALL, LONG, remote(asking.withAccess(FRIENDS_ALONE)));

        isForbidden(stranger, "x\r\nAuthorization: Basic Ym9iOmI="); // bob
        isCarried(user(FRIEND, server.exposed(0)), "x\r\nAuthorization: Basic Ym9iOmI=");
    }

    @Test
    void whoMayConnectAgainWithinTheDrainStays() throws Exception {
        prepare();
        start(Access.ALL, remote(port()));
        PlainSocket forgiven = user(FRIEND, server.exposed(0));
        PlainSocket stranger = user(STRANGER, server.exposed(0));
        isCarried(forgiven, "x");
        isCarried(stranger, "x");

        change(deny(FRIEND, STRANGER), Duration.ofMillis(300), remote(port()));
        isReset(FRIEND, server.exposed(0));
        change(deny(STRANGER), LONG, remote(port()));

        assertThat(stranger.awaitEnd()).isEqualTo(End.RESET);
        isCarried(forgiven, "x");
    }

    /** A ban applies at all doors, even where the access list admits the user. */
    @Test
    void whoIsRefusedTooOftenIsBanned() throws Exception {
        prepare();
        Bans bans = new Bans(
                Optional.of(new Bans.Settings(3, Duration.ofMinutes(1), Duration.ofHours(1), 10)), System::nanoTime);
        server = new ServerUnderTest(TestSettings.server(
                        remote(port().withAccess(FRIENDS_ALONE), port()).withHosts(List.of(host("app.example"))))
                .withGateways(List.of(gateway()))
                .withWeb(new WebServices(
                        ErrorPages.none(), new AccessLog(AccessLog.Format.NONE), WebLimits.DEFAULT, bans)));
        open.add(server);
        open.add(new ClientUnderTest(speech.client("r", server.tunnelAddress())));
        await().until(server::connected);
        for (int i = 0; i < 3; i++) {
            isCarried(user(STRANGER, server.exposed(1)), "x");
            isReset(STRANGER, server.exposed(0));
        }

        isReset(STRANGER, server.exposed(1));
        isReset(STRANGER, web());
        isReset(STRANGER, server.tunnelAddress());
        isCarried(user(FRIEND, server.exposed(0)), "x");
        assertThat(view(1).refused()).containsOnly(Map.entry("banned", 1L));
        assertThat(server.role().gateways().get(0).refused()).containsOnly(Map.entry("banned", 1L));
        assertThat(server.role().greetingsRefused(GreetingRefusal.BANNED)).isOne();

        assertThat(server.role().liftBan(AddressRange.parse(STRANGER).address()))
                .isTrue();
        isCarried(user(STRANGER, server.exposed(1)), "x");
    }

    @Test
    void theServersListHoldsForWhatItStartedWithAndForWhatComesLater() throws Exception {
        prepare();
        start(deny(STRANGER), remote(port()));
        isReset(STRANGER, server.exposed(0));

        change(deny(STRANGER), LONG, remote(port(), port()));
        isReset(STRANGER, server.exposed(1));

        change(deny(FRIEND), LONG, remote(port(), port()));
        isCarried(user(STRANGER, server.exposed(0)), "x");
        isReset(FRIEND, server.exposed(1));
    }
}
