package io.portproxy.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.ErrorPages;
import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.protocol.Dialect;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.PortView;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.OwnAnswers;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.ClientUnderTest;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.ServerUnderTest;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.telemetry.StreamCounts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a port of {@code type: http} between real sockets. */
@ParameterizedClass
@EnumSource(names = "EXTENDED_IN_THREE_TUNNELS", mode = EnumSource.Mode.EXCLUDE)
class HttpPortTest {
    private static final String HOST = "Host: www.example\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String BAD = "GET /#bad HTTP/1.1\r\n" + HOST + "\r\n";

    private final Speech speech;
    private ServerUnderTest server;
    private ClientUnderTest client;

    HttpPortTest(Speech speech) {
        this.speech = speech;
    }

    private void start(int target) throws Exception {
        start(target, WebServices.NONE);
    }

    private void start(int target, WebServices web) throws Exception {
        HttpRewriteSettings http = new HttpRewriteSettings(
                HostHeader.Policy.REWRITE, "127.0.0.1:" + target, ForwardedHeaders.ADD, List.of(), 4096);
        PortSettings port = new PortSettings(TestSettings.anyPort(), Optional.empty(), target, Optional.of(http));
        server = new ServerUnderTest(TestSettings.server(new RemoteSettings("r", speech.tokens(), List.of(port)))
                .withWeb(web));
        client = new ClientUnderTest(speech.client("r", server.tunnelAddress()));
        await().until(() -> !server.role().remotes().get(0).tunnels().isEmpty());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private PlainSocket user(String sent) throws IOException {
        PlainSocket user = PlainSocket.connect(server.exposed(0));
        user.send(bytes(sent));
        return user;
    }

    private PortView port() {
        return server.role().remotes().get(0).ports().get(0);
    }

    private StreamCounts counts() {
        return port().streams();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String text(PlainSocket socket) {
        return new String(socket.received(), ISO_8859_1);
    }

    /**
     * Starts a target that answers each request with its query, and HEAD in the same way, like Python's http.server with
     * {@code do_HEAD = do_GET}.
     */
    private static Target echoingQueries(List<String> requests) {
        return new Target(socket -> {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            String request = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                request += line + "\n";
                if (line.isEmpty()) {
                    requests.add(request);
                    echoQuery(socket, request);
                    request = "";
                }
            }
        });
    }

    private static void echoQuery(Socket socket, String request) throws IOException {
        String target = request.split(" ", 3)[1];
        byte[] body = bytes(URLDecoder.decode(target.replaceFirst("[^?]*\\??", ""), ISO_8859_1));
        OutputStream out = socket.getOutputStream();
        out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n"));
        out.flush();
        out.write(body);
    }

    @Test
    void aUserDoesNotLeaveTheRewriterThroughABodyInAnAnswerToHead() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        String forged = URLEncoder.encode(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", ISO_8859_1)
                .replace("+", "%20");
        try (Target target = echoingQueries(requests)) {
            start(target.port());
            try (PlainSocket user = user("HEAD /?" + forged + " HTTP/1.1\r\n" + HOST + "\r\n"
                    + "GET /up HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: x\r\n\r\n"
                    + "GET /hidden HTTP/1.1\r\n" + HOST + "X-Forwarded-For: 6.6.6.6\r\n\r\n")) {
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user)).contains("HTTP/1.1 502 Bad Gateway").doesNotContain("HTTP/1.1 101");
                assertThat(requests).first().asString().startsWith("HEAD /?HTTP");
                assertThat(requests)
                        .noneMatch(request -> request.contains("6.6.6.6") || request.contains("Upgrade: x"));
            }
        }
    }

    @Test
    void a101ThatIsNoneIsAnsweredWith502AndALogLine() throws Exception {
        try (RawTarget target = RawTarget.open();
                LogRecorder log = new LogRecorder()) {
            start(target.port());
            try (PlainSocket user = user(UPGRADE)) {
                PlainSocket atTarget = target.accept();
                atTarget.awaitReceived(UPGRADE.length());
                atTarget.send(bytes("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n"));

                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user))
                        .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                        .doesNotContain("101");
                assertThat(log.linesWith("127.0.0.1:" + target.port() + ": 502"))
                        .singleElement()
                        .asString()
                        .startsWith("WARN port ")
                        .contains("malformed");
                atTarget.awaitEnd();
            }
            await().until(() -> counts().closed().equals(Map.of("denied", 1L)));
        }
    }

    /** The parameter is what the user has sent when its stream ends. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHo"})
    void aTargetThatRefusesBeforeTheRequestHasComeWholeIs502(String sent) throws Exception {
        start(RawTarget.refusingPort());
        try (PlainSocket user = user(sent)) {
            await().until(() -> !counts().closed().isEmpty());
            user.send(bytes(GET.substring(sent.length())));

            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(user)).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
        }
    }

    @Test
    void aRefusedRequestIsAnsweredAndItsStreamCountedAsDenied() throws Exception {
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            try (PlainSocket user = user(BAD)) {
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user)).startsWith("HTTP/1.1 400 ");
                target.accept().awaitEnd();
            }
            await().until(() -> counts().closed().equals(Map.of("denied", 1L)));
            assertThat(port().delays().requestsRefused()).isOne();
        }
    }

    @Test
    void aRequestRefusedBehindOneThatIsNeverAnsweredEndsTheStreamAtBothEnds() throws Exception {
        WebLimits limits = new WebLimits(4, Duration.ofMillis(300), Duration.ofSeconds(2), 10, Duration.ofSeconds(10));
        try (RawTarget target = RawTarget.open()) {
            start(target.port(), new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE), limits));
            try (PlainSocket user = user(GET + BAD)) {
                PlainSocket atTarget = target.accept();

                assertThat(user.awaitEnd()).isEqualTo(End.RESET);
                assertThat(user.size()).isZero();
                atTarget.awaitEnd();
            }
            assertThat(server.role().answers().cuts(OwnAnswers.Cut.EARLIER_ANSWERS))
                    .isOne();
            await().until(() -> counts().closed().equals(Map.of("denied", 1L)));
        }
    }

    /**
     * The parameters are what the user has sent when it leaves, and whether its connection to the target then ends cleanly in a dialect
     * that knows resets.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "in a head, true",
        "in a body, true",
        "in a chunk, true",
        "behind a request, true",
        "while an Upgrade waits for its answer, true",
        "with bytes behind an Upgrade that waits, false",
        "while an Upgrade waits for others' answers, true",
        "behind a refused request that waits, true",
    })
    void aUserWhoLeavesIsNoticed(String when, boolean clean) throws Exception {
        String post = "POST / HTTP/1.1\r\n" + HOST;
        String sent = switch (when) {
            case "in a head" -> "GET / HTTP/1.1\r\nHos";
            case "in a body" -> post + "Content-Length: 10\r\n\r\nabc";
            case "in a chunk" -> post + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc";
            case "behind a request" -> GET;
            case "while an Upgrade waits for its answer" -> UPGRADE;
            case "with bytes behind an Upgrade that waits" -> UPGRADE + "frames";
            case "while an Upgrade waits for others' answers" -> GET + UPGRADE;
            default -> GET + BAD;
        };
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            PlainSocket user = PlainSocket.connect(server.exposed(0));
            PlainSocket atTarget = target.accept();
            user.sendAndAwaitRead(bytes(sent));

            user.close();

            assertThat(atTarget.awaitEnd())
                    .isEqualTo(clean || speech.dialect() == Dialect.CLASSIC ? End.CLEAN : End.RESET);
            atTarget.close();
            await().until(() -> counts().live() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, UPGRADE})
    void aUserWhoResetsIsNoticed(String sent) throws Exception {
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            PlainSocket user = user(sent);
            target.accept().awaitReceived(sent.length());

            user.reset();

            target.awaitNoConnection();
            await().until(() -> counts().live() == 0);
        }
    }

    @Test
    void moreBehindAnUpgradeThanIsKeptIsRefused() throws Exception {
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            try (PlainSocket user = user(UPGRADE)) {
                PlainSocket atTarget = target.accept();
                atTarget.awaitReceived(UPGRADE.length());
                user.sendAndAwaitRead(new byte[70_000]);
                atTarget.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));

                user.awaitReceived(100);
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user)).startsWith("HTTP/1.1 200 OK").contains("\r\n\r\nokHTTP/1.1 400 ");
            }
        }
    }

    @Test
    void anEarlyAnswerPassesWhileTheRequestIsStillComing() throws Exception {
        String answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig";
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            try (PlainSocket user = user("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1000000\r\n\r\nabc")) {
                PlainSocket atTarget = target.accept();
                atTarget.awaitReceived(100);
                atTarget.send(bytes(answer));

                user.awaitReceived(answer.length());
                assertThat(text(user)).isEqualTo(answer);
            }
        }
    }

    @Test
    void manyResponsesThatGetShorterPassThroughAWindow() throws Exception {
        int count = 60;
        String answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/a\r\nContent-Length: 50000\r\n\r\n"
                + "b".repeat(50_000);
        try (RawTarget target = RawTarget.open()) {
            start(target.port());
            try (PlainSocket user = user(GET.repeat(count))) {
                PlainSocket atTarget = target.accept();
                atTarget.send(bytes(answer.formatted(target.port()).repeat(count)));

                String expected = answer.replace("http://127.0.0.1:%d", "").repeat(count);
                user.awaitReceived(expected.length());
                assertThat(text(user)).isEqualTo(expected);
                atTarget.close();
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            }
            await().until(() -> counts().live() == 0);
        }
    }
}
