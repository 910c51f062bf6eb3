package io.portproxy.server;

import static io.portproxy.testing.WebUnderTest.bytes;
import static io.portproxy.testing.WebUnderTest.get;
import static io.portproxy.testing.WebUnderTest.http;
import static io.portproxy.testing.WebUnderTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.BasicAuth;
import io.portproxy.http.ErrorPages;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.OwnAnswers;
import io.portproxy.server.exposed.user.OwnAnswers.Cut;
import io.portproxy.server.exposed.user.WebLimits;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Speech;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.testing.WebUnderTest.Door;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests how many users the server itself answers at a time, and how long it waits for each of them. */
@ParameterizedClass
@EnumSource
class OwnAnswersTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Speech speech;
    private final List<PlainSocket> users = new ArrayList<>();

    OwnAnswersTest(Speech speech) {
        this.speech = speech;
    }

    @AfterEach
    void close() throws IOException {
        for (PlainSocket user : users) {
            user.close();
        }
    }

    private static WebServices services(int most, Duration refusal, Duration answer, int pending) {
        ErrorPages large = new ErrorPages(Map.of("404", "x".repeat(8 << 20)));
        return new WebServices(
                large,
                new AccessLog(AccessLog.Format.NONE),
                new WebLimits(most, refusal, answer, pending, Duration.ofMinutes(10)));
    }

    /** Starts a server and a remote whose target refuses connections. */
    private WebUnderTest start(WebServices services) throws Exception {
        int target = RawTarget.refusingPort();
        return WebUnderTest.start(speech, target, http(target), services);
    }

    private PlainSocket readsNothing(WebUnderTest web) throws IOException {
        PlainSocket user = PlainSocket.connectSlowReader(web.address(Door.HOST));
        users.add(user);
        user.send(bytes("GET / HTTP/1.1\r\nHost: unknown.example\r\nAccept: text/html\r\n\r\n"));
        return user;
    }

    private static OwnAnswers answers(WebUnderTest web) {
        return web.server().role().answers();
    }

    @Test
    void slowUsersHoldABoundedNumberOfPages() throws Exception {
        try (WebUnderTest web = start(services(4, LONG, LONG, 10))) {
            for (int i = 0; i < 4; i++) {
                readsNothing(web);
            }
            await().until(() -> answers(web).underWay() == 4);

            PlainSocket fifth = web.user(Door.HOST, "GET / HTTP/1.1\r\nHost: unknown.example\r\n\r\n");
            assertThat(fifth.awaitEnd()).isEqualTo(End.RESET);
            assertThat(answers(web).cuts(Cut.LIMIT)).isOne();

            users.get(0).reset();
            await().until(() -> answers(web).underWay() == 3);
            PlainSocket later = web.user(Door.HOST, "GET / HTTP/1.1\r\nHost: unknown.example\r\n\r\n");
            assertThat(later.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(later)).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void whoTakesNothingOfItsPageIsResetAndCounted() throws Exception {
        try (WebUnderTest web = start(services(4, LONG, SHORT, 10))) {
            readsNothing(web);

            await().until(() -> answers(web).cuts(Cut.SLOW) == 1);
            assertThat(answers(web).underWay()).isZero();
        }
    }

    /** A classic remote only ends the stream. The server answers a later request in its place, and does so in the extended dialect, too. */
    @Test
    void usersOfADeadTargetWhoHaveNotSentTheirRequestAreABoundedNumber() throws Exception {
        try (WebUnderTest web = start(services(4, LONG, LONG, 10))) {
            PlainSocket first = web.user(Door.PORT, "");
            await().until(() -> answers(web).underWay() == 1);

            PlainSocket second = PlainSocket.connect(web.address(Door.PORT));
            users.add(second);
            assertThat(second.awaitEnd()).isEqualTo(End.RESET);
            assertThat(answers(web).cuts(Cut.LIMIT)).isOne();

            first.send(bytes(get("/")));
            assertThat(first.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(first)).startsWith("HTTP/1.1 502 ");
            first.close();
            await().until(() -> answers(web).underWay() == 0);
            assertThat(web.server().role().remotes().get(0).counts().closed())
                    .as("tunnels that were lost by that")
                    .isEmpty();
        }
    }

    @Test
    void whoSendsNoRequestInTimeIsResetAndCounted() throws Exception {
        try (WebUnderTest web = start(services(4, SHORT, LONG, 10))) {
            PlainSocket user = web.user(Door.PORT, "");

            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> answers(web).underWay() == 0);
            assertThat(answers(web).cuts(Cut.NO_REQUEST)).isOne();
        }
    }

    @Test
    void usersOfAPortWithLoginsWhoSayNothingAreABoundedNumber() throws Exception {
        BasicAuth auth = new BasicAuth(
                "Shop", List.of(new BasicAuth.User("ann", "{test}sesame")), List.of(), false, (password, kept) -> true);
        int target = RawTarget.refusingPort();
        try (WebUnderTest web =
                WebUnderTest.start(speech, target, http(target).withAuth(auth), services(4, LONG, LONG, 1))) {
            PlainSocket first = web.user(Door.PORT, "");
            first.sendAndAwaitRead(bytes("GET"));
            PlainSocket second = web.user(Door.PORT, "");

            assertThat(first.awaitEnd()).isEqualTo(End.RESET);
            await().until(() -> web.view(Door.PORT).refused().equals(Map.of("crowded_out", 1L)));
            second.send(bytes(get("/")));
            assertThat(second.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(second)).startsWith("HTTP/1.1 401 ");
        }
    }
}
