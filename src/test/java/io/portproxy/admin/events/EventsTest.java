package io.portproxy.admin.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.portproxy.admin.AdminClient;
import io.portproxy.admin.AdminPair;
import io.portproxy.admin.events.EventListener.Received;
import io.portproxy.admin.security.BrowserUser;
import io.portproxy.admin.security.LoginSecret;
import io.portproxy.config.Started;
import io.portproxy.protocol.Dialect;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.TestRemote;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Tests the events that programs receive from a proxy server and from a remote. */
class EventsTest {
    private static final int KEPT = 64;

    @TempDir
    private static Path folder;

    private static AdminPair pair;
    private static RawTarget target;
    private static ConfigurableApplicationContext server;
    private static ConfigurableApplicationContext client;

    @BeforeAll
    static void start() throws Exception {
        String kept = "--portproxy.admin.events.kept=" + KEPT;
        pair = new AdminPair(
                folder,
                List.of(kept),
                List.of(
                        kept,
                        "--portproxy.admin.events.max-subscribers=2",
                        "--portproxy.admin.events.heartbeat-interval=100ms",
                        "--server.tomcat.connection-timeout=1s"));
        target = pair.target();
        server = pair.server();
        client = pair.client();
    }

    @AfterAll
    static void stop() throws Exception {
        pair.close();
    }

    @BeforeEach
    void awaitTunnelAndNoSubscriber() {
        pair.awaitTunnel();
        await().until(() -> subscribers(client) == 0);
    }

    private static int subscribers(ConfigurableApplicationContext context) {
        return context.getBean(EventStreams.class).subscribers();
    }

    /** Connects a program that listens to events but reads almost nothing. */
    private static PlainSocket hanging(ConfigurableApplicationContext context) throws Exception {
        byte[] bob = "bob:bob-secret".getBytes(StandardCharsets.UTF_8);
        String request = "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(bob) + "\r\n\r\n";
        PlainSocket socket = PlainSocket.connectSlowReader(new InetSocketAddress(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"))));
        socket.send(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Publishes {@code count} events. */
    private static void tell(ConfigurableApplicationContext context, int count, String message) {
        RemoteEvents events = new RemoteEvents(context.getBean(EventRing.class), true, "synthetic");
        IntStream.range(0, count).forEach(i -> events.greetingRefused("192.0.2.7:1", "greeting", message));
    }

    @Test
    void bothSidesTellOfAConnectionFromItsBeginningToItsEnd() throws Exception {
        try (EventListener atServer = EventListener.open(server, "?remote=home");
                EventListener atClient = EventListener.open(client, "");
                LogRecorder log = new LogRecorder()) {
            String user;
            try (PlainSocket socket = PlainSocket.connect(pair.exposed());
                    PlainSocket serving = target.accept()) {
                user = "127.0.0.1:" + socket.localPort();
                socket.send(new byte[1000]);
                serving.awaitReceived(1000);
                serving.send(new byte[50]);
                socket.awaitReceived(50);
                socket.reset();
                assertThat(serving.awaitEnd()).isEqualTo(End.RESET);
            }
            Received closed = atServer.await("stream-closed");
            assertThat(closed.data())
                    .contains(
                            entry("type", "stream-closed"),
                            entry("role", "server"),
                            entry("remote", "home"),
                            entry("port", "127.0.0.1:" + pair.exposed().getPort()),
                            entry("user", user),
                            entry("target", "127.0.0.1:" + target.port()),
                            entry("reason", "user_reset"),
                            entry("bytesIn", 1000),
                            entry("bytesOut", 50))
                    .containsKeys("lastedMillis", "at", "message")
                    .doesNotContainKeys("count", "address");
            assertThat(closed.id()).isEqualTo(String.valueOf(closed.get("sequence")));
            Received opened = atServer.await("stream-opened");
            assertThat(opened.data())
                    .contains(entry("identity", closed.get("identity")), entry("user", user))
                    .doesNotContainKeys("reason", "bytesIn", "lastedMillis");
            assertThat(atClient.await("stream-closed").data())
                    .contains(
                            entry("identity", closed.get("identity")),
                            entry("role", "client"),
                            entry("reason", "user_reset"),
                            entry("bytesIn", 1000),
                            entry("bytesOut", 50))
                    .doesNotContainKeys("port");
            assertThat(log.fieldsOf(closed.get("identity") + ": user " + user))
                    .contains(List.of(
                            "identity=" + closed.get("identity"),
                            "port=127.0.0.1:" + pair.exposed().getPort(),
                            "reason=user_reset",
                            "remote=home"));
        }
    }

    @Test
    void bothSidesTellOfARemoteThatGoesAndComes() throws Exception {
        try (EventListener atServer = EventListener.open(server, "?type=remote-up&type=remote-down&type=tunnel-down");
                EventListener atClient = EventListener.open(client, "?remote=home")) {
            AdminClient.ALICE.delete(server, "/api/v1/remotes/home/tunnels");

            Received up = atServer.await("remote-up");
            assertThat(atServer.received())
                    .extracting(Received::type)
                    .containsExactly("tunnel-down", "remote-down", "remote-up");
            assertThat(atServer.await("remote-down").get("reason")).isEqualTo("closed_by_administrator");
            assertThat(atServer.await("tunnel-down").data()).containsKeys("message", "lastedMillis", "address");
            assertThat(up.data()).contains(entry("remote", "home")).doesNotContainKeys("reason");
            assertThat(atClient.await("remote-down").get("reason")).isEqualTo("closed_by_administrator");
            assertThat(atClient.await("tunnel-up").get("message")).isEqualTo("extended, plain");
            atClient.await("remote-up");
        }
    }

    @Test
    void tellsOfUsersOfARemoteThatIsAway() throws Exception {
        try (EventListener listener = EventListener.open(server, "?remote=gone&remote=nobody");
                PlainSocket user = PlainSocket.connect(pair.exposedForGone())) {
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            assertThat(listener.await("stream-refused").data())
                    .contains(
                            entry("remote", "gone"),
                            entry("reason", "remote_away"),
                            entry("port", "127.0.0.1:" + pair.exposedForGone().getPort()),
                            entry("target", "127.0.0.1:1"))
                    .hasEntrySatisfying(
                            "user", address -> assertThat(address).asString().startsWith("127.0.0.1:"));
        }
    }

    @Test
    void tellsOfRefusedGreetingsAndWhoseTheyWantedToBe() throws Exception {
        InetSocketAddress tunnels = pair.proxyServer().tunnelAddress();
        try (EventListener listener = EventListener.open(server, "?type=greeting-refused&remote=home");
                EventListener any = EventListener.open(server, "?type=greeting-refused");
                TestRemote classic = TestRemote.greeted(Dialect.CLASSIC, tunnels, "home");
                PlainSocket browser = PlainSocket.connect(tunnels)) {
            assertThat(classic.peer().socket().awaitEnd()).isNotNull();
            assertThat(listener.await("greeting-refused").data())
                    .contains(
                            entry("remote", "home"),
                            entry("reason", "greeting"),
                            entry(
                                    "address",
                                    "127.0.0.1:" + classic.peer().socket().localPort()))
                    .hasEntrySatisfying(
                            "message", why -> assertThat(why).asString().contains("has a token"));
            browser.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String address = "127.0.0.1:" + browser.localPort();
            assertThat(any.await(event -> address.equals(event.get("address"))).data())
                    .doesNotContainKeys("remote");
            assertThat(listener.received()).hasSize(1);
        }
    }

    @Test
    void aProgramThatComesBackHearsWhatItHasMissed() throws Exception {
        tell(client, 3, "a");
        long last = client.getBean(EventRing.class).last();
        try (EventListener listener =
                EventListener.open(client, "?remote=synthetic", "Last-Event-ID", String.valueOf(last - 2))) {
            tell(client, 1, "b");
            listener.await(event -> "b".equals(event.get("message")));
            assertThat(listener.received())
                    .extracting(event -> Long.parseLong(event.id()))
                    .startsWith(last - 1, last)
                    .hasSize(3);
        }
    }

    @Test
    void aProgramThatComesTooLateHearsHowManyAreGone() throws Exception {
        tell(client, KEPT + 10, "a");
        long last = client.getBean(EventRing.class).last();
        try (EventListener listener = EventListener.open(client, "", "Last-Event-ID", "0")) {
            listener.await(event -> event.id().equals(String.valueOf(last)));
            assertThat(listener.received().get(0).type()).isEqualTo("dropped");
            int gone = (Integer) listener.received().get(0).get("count");
            List<Object> heard = listener.received().stream()
                    .filter(event -> !event.type().equals("dropped"))
                    .map(event -> event.get("sequence"))
                    .filter(sequence -> sequence instanceof Integer number && number <= last)
                    .toList();
            assertThat(gone).isPositive();
            assertThat(gone + heard.size()).as("all there were").isEqualTo((int) last);
            assertThat(heard).as("the latest").endsWith(latest(last));
        }
    }

    /** Returns the numbers of all kept events, up to {@code last}. */
    private static Object[] latest(long last) {
        return IntStream.rangeClosed((int) last - KEPT + 1, (int) last).boxed().toArray();
    }

    @Test
    void aProgramThatIsTooSlowHearsHowManyItHasMissed() throws Exception {
        int told = 1000;
        try (EventListener slow = EventListener.open(server, "?type=greeting-refused&type=dropped")) {
            long before = server.getBean(EventRing.class).last();
            tell(server, told, "x".repeat(16_000));
            slow.await(event -> event.id().equals(String.valueOf(before + told)));
            int missed = slow.received().stream()
                    .filter(event -> event.type().equals("dropped"))
                    .mapToInt(event -> (Integer) event.data().get("count"))
                    .sum();
            assertThat(missed).isPositive();
            assertThat(slow.received().stream()
                            .filter(event -> "synthetic".equals(event.get("remote")))
                            .count())
                    .isEqualTo(told - missed);
            assertThat(AdminClient.BOB.get(server, "/actuator/prometheus").body())
                    .containsPattern("portproxy_events_dropped_total [1-9]")
                    .containsPattern("portproxy_events_subscribers [1-9]");
        }
    }

    @Test
    void aProgramThatHangsIsEndedAndHoldsUpNobody() throws Exception {
        try (PlainSocket hanging = hanging(client);
                EventListener other = EventListener.open(client, "")) {
            await().until(() -> subscribers(client) == 2);
            String large = "x".repeat(100_000);
            await().until(() -> {
                int received = other.received().size();
                tell(client, KEPT / 2, large);
                await().until(() -> other.received().size() >= received + KEPT / 2); // the other program keeps up
                return subscribers(client) == 1;
            });
            tell(client, 1, "after all");
            other.await(event -> "after all".equals(event.get("message")));
            hanging.startReading();
            hanging.awaitEnd();
        }
    }

    @Test
    void onlySoManyMayListen() throws Exception {
        try (EventListener first = EventListener.open(client, "");
                EventListener second = EventListener.open(client, "")) {
            AdminClient.Answer third = AdminClient.BOB.get(client, "/api/v1/events");
            assertThat(third.status()).isEqualTo(503);
            assertThat(third.type()).isEqualTo("application/problem+json");
            assertThat(third.text("detail")).contains("portproxy.admin.events.max-subscribers");
            assertThat(third.response().headers().firstValueAsLong("Retry-After"))
                    .hasValue(5);
            assertThat(client.getBean(EventStreams.class).refused()).isPositive();
            assertThat(first.end() + second.end()).isEmpty();
        }
    }

    @Test
    void thereAreSignsOfLifeWhileNothingHappens() throws Exception {
        try (EventListener listener = EventListener.open(client, "?remote=nobody")) {
            await().until(() -> listener.comments() >= 3);
            assertThat(listener.received()).isEmpty();
        }
    }

    @Test
    void aBrowsersStreamEndsWithItsLogin() throws Exception {
        BrowserUser browser = new BrowserUser(server);
        browser.login("alice", "alice-secret");
        String session = "portproxy-0=" + browser.cookie("portproxy-0").orElseThrow();
        try (EventListener listener =
                        EventListener.open(server, "", "Cookie", session, LoginSecret.HEADER, browser.secret());
                EventListener program = EventListener.open(server, "")) {
            assertThat(browser.ask("POST", "/logout").status()).isEqualTo(204);
            await().until(() -> listener.end().equals("clean"));
            assertThat(program.end()).isEmpty();
        }
    }

    @Test
    void streamsEndCleanlyWhenTheProcessStops() throws Exception {
        ConfigurableApplicationContext brief = Started.server(folder, AdminClient.USERS);
        try (EventListener listener = EventListener.open(brief, "")) {
            tell(brief, 1, "at the last");
            brief.close();
            await().until(() -> listener.end().equals("clean"));
            listener.await(event -> "at the last".equals(event.get("message")));
        }
    }

    @Test
    void aProgramThatHangsHoldsUpNoStop() throws Exception {
        ConfigurableApplicationContext brief = Started.server(folder, AdminClient.USERS + """
            server.tomcat.connection-timeout: 10m
            spring.lifecycle.timeout-per-shutdown-phase: 100ms
            """);
        try (PlainSocket hanging = hanging(brief);
                EventListener other = EventListener.open(brief, "?remote=nobody")) {
            await().until(() -> subscribers(brief) == 2);
            tell(brief, 200, "x".repeat(100_000)); // more than the socket buffers hold
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(brief::close);
            await().until(stopped::isDone);
            stopped.join();
            await().until(() -> other.end().equals("clean"));
            hanging.startReading();
            hanging.awaitEnd();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ?type=stream-opend | Accept | text/event-stream | 400 | stream-opened, stream-closed
            ?typ=stream-opened | Accept | text/event-stream | 400 | there is no such parameter
            '' | Last-Event-ID | x | 400 | Last-Event-ID is the id of an event
            '' | Accept | application/json | 406 | ''
            """)
    void answersWhatIsWrongWithAProblem(String query, String header, String value, int status, String detail)
            throws Exception {
        AdminClient.Answer answer = AdminClient.BOB.send(server, "GET", "/api/v1/events" + query, header, value);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.text("detail")).contains(detail);
    }

    @Test
    void isForThoseWhoMayLook() throws Exception {
        assertThat(AdminClient.NOBODY.get(server, "/api/v1/events").status()).isEqualTo(401);
        assertThat(AdminClient.BOB.send(server, "HEAD", "/api/v1/events").status())
                .isEqualTo(200);
    }
}
