package io.portproxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.ListenException;
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.GatewaySettings;
import io.portproxy.server.exposed.gateway.GatewayView;
import io.portproxy.server.exposed.gateway.HostSettings;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests gateways, which have many hosts at one address, with real sockets. */
@ParameterizedClass
@EnumSource
class GatewayTest {
    private static final int HEAD = 4096;

    private final Speech speech;
    private final List<AutoCloseable> open = new ArrayList<>();
    private ServerUnderTest server;

    GatewayTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static GatewaySettings gateway(String name, int maxPending) {
        return gateway(name, maxPending, TestSettings.anyPort(), Optional.empty());
    }

    private static GatewaySettings gateway(
            String name, int maxPending, InetSocketAddress bind, Optional<Integer> redirectPort) {
        GatewaySettings gateway = GatewaySettings.plain(
                name,
                GatewaySettings.Address.of(bind),
                new GatewaySettings.Requests(Duration.ofSeconds(10), maxPending, HEAD));
        return redirectPort.map(gateway::redirectingTo).orElse(gateway);
    }

    private static HostSettings host(String host, String path, int target) {
        HttpRewriteSettings http = new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:" + target, ForwardedHeaders.ADD, List.of(), HEAD);
        return new HostSettings(
                HostPattern.parse(host),
                path,
                Set.of(),
                new RouteSettings(true, Optional.empty(), target, Optional.of(http)));
    }

    private RemoteSettings remote(String name, HostSettings... hosts) {
        return new RemoteSettings(name, speech.tokens(), List.of()).withHosts(List.of(hosts));
    }

    private void start(GatewaySettings gateway, RemoteSettings... remotes) throws Exception {
        server = new ServerUnderTest(TestSettings.server(remotes).withGateways(List.of(gateway)));
        open.add(server);
    }

    private void connect(String... names) throws Exception {
        for (String name : names) {
            open.add(new ClientUnderTest(speech.client(name, server.tunnelAddress())));
        }
        await().until(() -> server.role().remotes().stream()
                .filter(remote -> List.of(names).contains(remote.name()))
                .noneMatch(remote -> remote.tunnels().isEmpty()));
    }

    /** Starts a target that answers each request with its name, the requested path and {@code X-Forwarded-Proto}. Returns its port. */
    private int target(String name) throws IOException {
        Target target = new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            String line = in.readLine();
            while (line != null) {
                String asked = line.split(" ", 3)[1];
                String proto = "";
                for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                    proto = field.startsWith("X-Forwarded-Proto: ")
                            ? field.substring("X-Forwarded-Proto: ".length())
                            : proto;
                }
                answer(socket, name + " " + asked + " " + proto + "\n");
                line = in.readLine();
            }
        });
        open.add(target);
        return target.port();
    }

    private static void answer(Socket socket, String body) throws IOException {
        socket.getOutputStream()
                .write(bytes("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    }

    private InetSocketAddress address() {
        return server.role().gatewayAddresses().get(0);
    }

    private PlainSocket user(String sent) throws IOException {
        PlainSocket user = PlainSocket.connect(address());
        open.add(user);
        user.send(bytes(sent));
        return user;
    }

    private static String get(String host, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String text(PlainSocket socket) {
        return new String(socket.received(), ISO_8859_1);
    }

    private static void awaitText(PlainSocket user, String text) {
        await().until(() -> text(user).contains(text));
    }

    @ParameterizedTest
    @CsvSource({
        "app.example.com, /, app /",
        "APP.Example.COM:8080, /x?y, app /x?y",
        "app.example.com., /, app /",
        "app.example.com, /api, api /api",
        "app.example.com, /api/v1, api /api/v1",
        "app.example.com, /apis, app /apis",
        "app.example.com, /%61pi, api /%61pi",
        "app.example.com, /x/../api, api /x/../api",
        "app.example.com, //api, api //api",
        "app.example.com, /api%2fx, app /api%2fx",
        "app.example.com, http://app.example.com/api, api http://app.example.com/api",
        "a.dev.example.com, /, dev /",
        "a.b.dev.example.com, /, dev /",
        "x.example.com, /, wild /",
        "elsewhere.org, /, any /",
    })
    void aRequestGoesToTheTargetOfItsHostAndPath(String host, String path, String expected) throws Exception {
        start(
                gateway("web", 100),
                remote("one", host("app.example.com", "/", target("app")), host("*", "/", target("any"))),
                remote(
                        "two",
                        host("app.example.com", "/api", target("api")),
                        host("*.example.com", "/", target("wild")),
                        host("*.dev.example.com", "/", target("dev"))));
        connect("one", "two");

        awaitText(user(get(host, path)), "\r\n\r\n" + expected + " http\n");
    }

    @Test
    void eachRequestOfAConnectionGoesToItsOwnTargetAndAnswersComeInOrder() throws Exception {
        start(
                gateway("web", 100),
                remote("one", host("a.example", "/", target("a")), host("b.example", "/", target("b"))),
                remote("two", host("c.example", "/", target("c"))));
        connect("one", "two");
        PlainSocket user = user("");
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            String name = "abc".substring(i * 7 % 3, i * 7 % 3 + 1);
            user.send(bytes(get(name + ".example", "/" + i)));
            expected.append(name).append(" /").append(i).append(" http\n");
            if (i % 4 == 3) { // otherwise the next request is pipelined
                awaitText(user, " /" + i + " http\n");
            }
        }

        awaitText(user, " /29 http\n");
        assertThat(text(user).replaceAll("(?s)HTTP/1.1 200 OK\r\n.*?\r\n\r\n", ""))
                .hasToString(expected.toString());
    }

    @Test
    void aBodyAheadOfARequestToAnotherHostStaysWhole() throws Exception {
        try (RawTarget first = RawTarget.open()) {
            start(
                    gateway("web", 100),
                    remote("one", host("a.example", "/", first.port()), host("b.example", "/", target("b"))));
            connect("one");
            PlainSocket user = user("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nGET /"
                    + get("b.example", "/behind"));
            try (PlainSocket target = first.accept()) {
                await().until(() -> text(target).endsWith("\r\n\r\nGET /"));
                target.send(bytes("HTTP/1.1 204 No Content\r\n\r\n"));
                awaitText(user, "b /behind http\n");
                assertThat(text(target)).doesNotContain("behind");
                assertThat(target.awaitEnd()).isIn(End.CLEAN, End.RESET);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "away.example, 503, Retry-After: 5",
        "off.example, 503, switched off",
        "refuses.example, 502, cannot be reached",
        "unknown.example, 404, nothing at this address",
    })
    void whereNoTargetAnswersTheGatewayDoes(String host, int status, String text) throws Exception {
        HostSettings off = host("off.example", "/", 1);
        start(
                gateway("web", 100),
                remote("away", host("away.example", "/", 1)),
                remote(
                        "one",
                        host("refuses.example", "/", RawTarget.refusingPort()),
                        new HostSettings(
                                off.host(),
                                "/",
                                Set.of(),
                                new RouteSettings(
                                        false, Optional.empty(), 1, off.route().http()))));
        connect("one");

        // A classic remote gives no reason for the end of a stream.
        String why = speech == Speech.CLASSIC && status == 502 ? "ended the connection" : text;
        PlainSocket user = user(get(host, "/").replace("\r\n\r\n", "\r\nAccept: text/html\r\n\r\n"));
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(text(user))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(why, "text/html", "Connection: close")
                .endsWith("</html>\n");

        PlainSocket program = user(get(host, "/"));
        assertThat(program.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(text(program)).contains("application/problem+json", "\"status\":" + status);

        PlainSocket head = user(get(host, "/").replace("GET", "HEAD"));
        assertThat(head.awaitEnd()).isEqualTo(End.CLEAN);
        assertThat(text(head)).startsWith("HTTP/1.1 " + status).endsWith("\r\n\r\n");
    }

    @Test
    void whatIsMalformedIsAnsweredAndReachesNobody() throws Exception {
        start(gateway("web", 100), remote("one", host("*", "/", target("any"))));
        connect("one");

        assertThat(answer("GET /../x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(HEAD) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(answer("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")).startsWith("HTTP/1.1 501 ");
        assertThat(server.role().remotes().get(0).ports().get(0).streams().opened())
                .isZero();
    }

    private String answer(String request) throws Exception {
        PlainSocket user = user(request);
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        return text(user);
    }

    @Test
    void halfHeadsAreBoundedAndOthersAreServed() throws Exception {
        start(gateway("web", 8), remote("one", host("*", "/", target("any"))));
        connect("one");
        List<PlainSocket> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(user("GET / HTTP/1.1\r\nHost: a"));
        }

        awaitText(user(get("a.example", "/")), "any / http\n");
        await().until(() -> slow.stream().filter(user -> user.end().isPresent()).count() >= 12);
    }

    @Test
    void hostsChangeWhileTheServerRuns() throws Exception {
        int first = target("first");
        start(gateway("web", 100), remote("one", host("a.example", "/", first)));
        connect("one");
        awaitText(user(get("a.example", "/")), "first / http\n");

        HostSettings second = host("a.example", "/", target("second"));
        server.change(List.of(remote("one", second)), Duration.ZERO, () -> {});

        await().untilAsserted(() -> {
            PlainSocket user = user(get("a.example", "/"));
            awaitText(user, " / http\n");
            assertThat(text(user)).contains("second");
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        server.change(List.of(remote("one", second), remote("two", second)), Duration.ZERO, () -> {}))
                .withMessageContaining("host a.example at gateway web for remote one and for remote two");
    }

    @Test
    void whatIsUnderWayGoesOnWhenAHostLeadsElsewhereAndEndsWithTheHost() throws Exception {
        try (RawTarget first = RawTarget.open()) {
            start(gateway("web", 100), remote("one", host("a.example", "/", first.port())));
            connect("one");
            PlainSocket user = user(get("a.example", "/long"));
            try (PlainSocket target = first.accept()) {
                await().until(() -> text(target).contains("/long"));
                target.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun"));
                awaitText(user, "begun");

                RemoteSettings elsewhere = remote("one", host("a.example", "/", target("second")));
                server.change(List.of(elsewhere), Duration.ZERO, () -> {});

                awaitText(user(get("a.example", "/")), "second / http\n");
                target.send(bytes(" and goes on"));
                awaitText(user, "begun and goes on");

                RouteSettings route = elsewhere.hosts().get(0).route();
                HostSettings atOne = new HostSettings(HostPattern.parse("a.example"), "/", Set.of("web"), route);
                server.change(List.of(remote("one", atOne)), Duration.ZERO, () -> {});

                awaitText(user(get("a.example", "/")), "second / http\n");
                target.send(bytes(" for long"));
                awaitText(user, "begun and goes on for long");

                server.change(List.of(remote("one")), Duration.ZERO, () -> {});

                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
        }
    }

    @Test
    void whatIsUnderWayIsResetWhenOthersMayComeIn() throws Exception {
        try (RawTarget first = RawTarget.open()) {
            HostSettings open = host("a.example", "/", first.port());
            start(gateway("web", 100), remote("one", open));
            connect("one");
            PlainSocket user = user(get("a.example", "/long"));
            try (PlainSocket target = first.accept()) {
                await().until(() -> text(target).contains("/long"));

                server.change(List.of(remote("one", withLogin(open))), Duration.ZERO, () -> {});

                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            }
            awaitText(user(get("a.example", "/")), "HTTP/1.1 401 ");
        }
    }

    private static HostSettings withLogin(HostSettings host) {
        BasicAuth auth = new BasicAuth(
                "Shop", List.of(new BasicAuth.User("ann", "{test}secret")), List.of(), false, (shown, known) -> false);
        RouteSettings route = host.route();
        return new HostSettings(
                host.host(),
                host.path(),
                host.gateways(),
                new RouteSettings(
                        true,
                        route.targetHost(),
                        route.targetPort(),
                        route.http().map(http -> http.withAuth(auth))));
    }

    private void change(List<GatewaySettings> gateways, RemoteSettings... remotes) throws Exception {
        server.role().change(new Exposure(gateways, List.of(remotes)), Duration.ZERO, () -> {});
    }

    private List<String> names() {
        return server.role().gateways().stream().map(GatewayView::name).toList();
    }

    @Test
    void aGatewayIsAddedAndRemovedAndOthersDoNotNotice() throws Exception {
        RemoteSettings one = remote("one", host("a.example", "/", target("first")));
        start(gateway("web", 100), one);
        connect("one");
        PlainSocket kept = user(get("a.example", "/1"));
        awaitText(kept, "first /1 http\n");

        change(List.of(gateway("web", 100), gateway("more", 100)), one);

        assertThat(names()).containsExactly("web", "more");
        InetSocketAddress more = server.role().gatewayAddresses().get(1);
        PlainSocket onMore = PlainSocket.connect(more);
        open.add(onMore);
        onMore.send(bytes(get("a.example", "/2")));
        awaitText(onMore, "first /2 http\n");
        kept.send(bytes(get("a.example", "/3")));
        awaitText(kept, "first /3 http\n");

        change(List.of(gateway("web", 100)), one);

        assertThat(names()).containsExactly("web");
        await().until(() -> refused(more));
        onMore.send(bytes(get("a.example", "/4")));
        awaitText(onMore, "HTTP/1.1 404 ");
        assertThat(onMore.awaitEnd()).isEqualTo(End.CLEAN);
        kept.send(bytes(get("a.example", "/5")));
        awaitText(kept, "first /5 http\n");
    }

    @Test
    void aRequestWhoseTargetLeadsBackToTheGatewayIsEnded() throws Exception {
        start(gateway("web", 100), remote("one", host("a.example", "/", 1)));
        connect("one");
        change(
                List.of(gateway("web", 100)),
                remote("one", host("a.example", "/", address().getPort())));

        PlainSocket user = user(get("a.example", "/"));

        awaitText(user, "HTTP/1.1 508 Loop Detected\r\n");
        await().until(() -> server.role().remotes().get(0).streams().opened() == 12);
    }

    private static boolean refused(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aGatewayAtTheSameAddressIsNotBoundAgain() throws Exception {
        RemoteSettings one = remote("one", host("a.example", "/", target("first")));
        start(gateway("web", 100), one);
        connect("one");
        InetSocketAddress before = address();
        PlainSocket half = user("GET / HTTP/1.1\r\nHost: a.exam");
        await().until(() -> server.role().gateways().get(0).pending() == 1);

        GatewaySettings renamed = gateway("front", 100, before, Optional.of(8443));
        change(List.of(renamed), one);

        assertThat(names()).containsExactly("front");
        assertThat(address()).isEqualTo(before);
        awaitText(user(get("a.example", "/")), "Location: https://a.example:8443/\r\n");
        half.send(bytes("ple\r\n\r\n"));
        awaitText(half, "Location: https://a.example:8443/\r\n");
    }

    @Test
    void usersWhoseRequestDoesNotComeInTimeAreCounted() throws Exception {
        start(GatewaySettings.plain(
                "web",
                GatewaySettings.Address.of(TestSettings.anyPort()),
                new GatewaySettings.Requests(Duration.ofMillis(100), 100, HEAD)));
        PlainSocket silent = user("");
        PlainSocket half = user("GET / HTTP/1.1\r\nHost: a.exam");

        assertThat(silent.awaitEnd()).isEqualTo(End.RESET);
        awaitText(half, "HTTP/1.1 408 ");
        assertThat(server.role().gateways().get(0).refused()).isEqualTo(Map.of("late", 2L));
    }

    @Test
    void aGatewayThatCannotBeBoundChangesNothing() throws Exception {
        RemoteSettings one = remote("one", host("a.example", "/", target("first")));
        start(gateway("web", 100), one);
        connect("one");

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress taken = (InetSocketAddress) other.getLocalSocketAddress();
            List<GatewaySettings> wanted = List.of(gateway("new", 100), gateway("taken", 100, taken, Optional.empty()));

            assertThatThrownBy(() -> change(wanted)).isInstanceOf(ListenException.class);
        }

        assertThat(names()).containsExactly("web");
        awaitText(user(get("a.example", "/")), "first / http\n");
    }

    @Test
    void plainRequestsAreRedirectedToHttps() throws Exception {
        start(gateway("web", 100, TestSettings.anyPort(), Optional.of(8443)), remote("one", host("a.example", "/", 1)));

        assertThat(answer(get("A.example:80", "/x?y=1")))
                .startsWith("HTTP/1.1 308 ")
                .contains("\r\nLocation: https://a.example:8443/x?y=1\r\n");
        assertThat(answer(get("b.example", "/"))).startsWith("HTTP/1.1 404 ");
    }
}
