package io.portproxy.server;

import static io.portproxy.testing.WebUnderTest.awaitText;
import static io.portproxy.testing.WebUnderTest.get;
import static io.portproxy.testing.WebUnderTest.http;
import static io.portproxy.testing.WebUnderTest.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.BasicAuth;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.testing.WebUnderTest.Door;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the login that a host or port requires for requests. */
@ParameterizedClass
@EnumSource
class BasicAuthTest {
    private static final String ANN = authorization("ann:sesame open");

    private final Speech speech;
    private final List<String> heads = WebUnderTest.heads();
    private final AtomicInteger compared = new AtomicInteger();
    private final BasicAuth.Passwords passwords = (password, encoded) -> {
        compared.incrementAndGet();
        return encoded.equals("{test}" + password);
    };

    BasicAuthTest(Speech speech) {
        this.speech = speech;
    }

    private static String authorization(String nameAndPassword) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(UTF_8));
    }

    private BasicAuth auth(boolean pass, BasicAuth.Passwords how) {
        return new BasicAuth(
                "Shop",
                List.of(new BasicAuth.User("ann", "{test}sesame open"), new BasicAuth.User("bob", "{test}password")),
                List.of("/health"),
                pass,
                how);
    }

    private WebUnderTest start(Target target, boolean pass) throws Exception {
        return WebUnderTest.start(speech, target.port(), http(target.port()).withAuth(auth(pass, passwords)));
    }

    private static String answer(WebUnderTest web, Door door, String request) throws Exception {
        PlainSocket user = web.user(door, request);
        assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
        return text(user);
    }

    @ParameterizedTest
    @EnumSource
    void whoShowsNothingOrTheWrongThingIsAskedAndReachesNobody(Door door) throws Exception {
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = start(target, false)) {
            assertThat(answer(web, door, get("/", "Accept: text/html")))
                    .startsWith("HTTP/1.1 401 Unauthorized\r\n")
                    .contains("\r\nWWW-Authenticate: Basic realm=\"Shop\", charset=\"UTF-8\"\r\n")
                    .endsWith("</html>\n");
            assertThat(answer(web, door, get("/", authorization("ann:wrong"))))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("application/problem+json");
            assertThat(answer(web, door, get("/", authorization("eve:sesame open"))))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(answer(web, door, get("/", "Authorization: Bearer abc"))).startsWith("HTTP/1.1 401 ");
            assertThat(answer(web, door, get("/", ANN, ANN))).startsWith("HTTP/1.1 401 ");
            for (String path : List.of(
                    "/health/../admin",
                    "/healthy",
                    "/health%2f..%2fadmin/..",
                    "/;x/health/..",
                    "/health/..%2fadmin",
                    "/admin/../health",
                    "/admin/%2e%2e/health",
                    "/health/a;b",
                    "/health/x\\..\\admin")) {
                assertThat(answer(web, door, get(path))).as(path).startsWith("HTTP/1.1 401 ");
            }
            assertThat(answer(
                            web,
                            door,
                            get("/ws", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(heads).isEmpty();
            assertThat(web.view(door).streams().opened()).isZero();
            assertThat(web.view(door).refused()).containsEntry("unauthorized", 15L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoIsKnownComesInByEachRequestAndTheTargetDoesNotSeeThePassword(Door door) throws Exception {
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = start(target, false)) {
            PlainSocket user = web.user(door, get("/a", ANN) + get("/b", ANN) + get("/health"));
            awaitText(user, "at /health\n");
            user.send(WebUnderTest.bytes(get("/c", authorization("bob:password"))));
            awaitText(user, "at /c\n");
            PlainSocket other = web.user(door, get("/d", ANN));
            awaitText(other, "at /d\n");
            user.send(WebUnderTest.bytes(get("/e")));

            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(user))
                    .containsSubsequence("at /a\n", "at /b\n", "at /health\n", "at /c\n", "HTTP/1.1 401 ")
                    .doesNotContain("at /e");
            assertThat(compared).hasValue(2);
            assertThat(heads).hasSize(5).noneMatch(head -> head.contains("Authorization"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExemptPathIsForEverybodyAndWhatThePathsBehindItNeedIsAskedThere(Door door) throws Exception {
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = start(target, false)) {
            PlainSocket user = web.user(door, get("/health/live", "Authorization: Bearer abc"));
            awaitText(user, "at /health/live\n");
            user.send(WebUnderTest.bytes(get("/a", ANN)));
            awaitText(user, "at /a\n");

            assertThat(heads).first().asString().contains("Authorization: Bearer abc");
            assertThat(compared).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTargetGetsThePasswordIfItIsToHaveIt(Door door) throws Exception {
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = start(target, true)) {
            awaitText(web.user(door, get("/a", ANN)), "at /a\n");

            assertThat(heads).first().asString().contains("\n" + ANN + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoGuessesHasToWait(Door door) throws Exception {
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = start(target, false)) {
            for (int i = 0; i < 4; i++) {
                assertThat(answer(web, door, get("/", authorization("ann:guess" + i))))
                        .startsWith("HTTP/1.1 401 ");
            }

            assertThat(answer(web, door, get("/", ANN)))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("\r\nRetry-After: ")
                    .doesNotContain("sesame");
            assertThat(compared).hasValue(4);
            assertThat(web.view(door).refused()).containsEntry("guesses", 1L);
            await().until(() -> {
                PlainSocket user = web.user(door, get("/", ANN));
                await().until(() -> text(user).contains("\r\n\r\n"));
                return text(user).startsWith("HTTP/1.1 200 ");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooManyPasswordsAtATimeAreNotCompared(Door door) throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        BasicAuth.Passwords slow = (password, encoded) -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return encoded.equals("{test}" + password);
        };
        try (Target target = WebUnderTest.application(heads);
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withAuth(auth(false, slow)))) {
            try {
                for (int i = 0; i < 12; i++) {
                    web.user(door, get("/", ANN));
                }
                await().until(() -> web.view(door).refused().getOrDefault("checks", 0L) == 4);
                assertThat(answer(web, door, get("/", ANN)))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After");
                awaitText(web.user(door, get("/health")), "at /health\n");
            } finally {
                free.countDown();
            }
            await().until(() -> heads.size() == 9);
        }
    }
}
