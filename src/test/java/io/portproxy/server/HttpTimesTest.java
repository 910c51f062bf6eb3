package io.portproxy.server;

import static io.portproxy.testing.WebUnderTest.awaitText;
import static io.portproxy.testing.WebUnderTest.bytes;
import static io.portproxy.testing.WebUnderTest.get;
import static io.portproxy.testing.WebUnderTest.http;
import static io.portproxy.testing.WebUnderTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.testing.WebUnderTest.Door;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the time limits for users' request heads and for targets' answers. */
@ParameterizedClass
@EnumSource
class HttpTimesTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Speech speech;

    HttpTimesTest(Speech speech) {
        this.speech = speech;
    }

    @Test
    void aLaterHeadThatDoesNotCompleteIsAnsweredAndItsStreamEnds() throws Exception {
        try (Target target = WebUnderTest.application(WebUnderTest.heads());
                WebUnderTest web =
                        WebUnderTest.start(speech, target.port(), http(target.port()), SHORT, Optional.empty())) {
            PlainSocket user = web.user(Door.HOST, get("/one"));
            awaitText(user, "at /one\n");
            user.send(bytes("GET /two HTTP/1.1\r\nHost: app"));

            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(user)).containsSubsequence("at /one\n", "HTTP/1.1 408 ", "did not come in time");
            await().until(() -> web.view(Door.HOST).streams().live() == 0);
        }
    }

    @Test
    void aPortsTimeForHeadsIsItsOwn() throws Exception {
        try (RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withRequestTimeout(SHORT))) {
            PlainSocket user = web.user(Door.PORT, "GET /one HTTP/1.1\r\nHost: app");

            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(user)).startsWith("HTTP/1.1 408 ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatDoesNotBeginInTimeIs504AndTheTargetIsReset(Door door) throws Exception {
        try (RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withResponseTimeout(SHORT))) {
            PlainSocket user = web.user(door, get("/one", "Accept: text/html"));
            try (PlainSocket atTarget = target.accept()) {
                atTarget.awaitReceived(get("/one").length());
                atTarget.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                awaitText(user, "ok");
                user.send(bytes(get("/two", "Accept: text/html")));

                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user)).containsSubsequence("ok", "HTTP/1.1 504 ", "did not answer in time", "</html>");
                assertThat(atTarget.awaitEnd()).isEqualTo(speech == Speech.CLASSIC ? End.CLEAN : End.RESET);
            }
        }
    }

    @Test
    void aTargetHasTimeForItsBodyAndForARequestThatIsStillComing() throws Exception {
        try (RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withResponseTimeout(SHORT))) {
            PlainSocket slowUpload =
                    web.user(Door.PORT, "POST /up HTTP/1.1\r\nHost: app.example\r\nContent-Length: 5\r\n\r\nab");
            try (PlainSocket ofUpload = target.accept()) {
                ofUpload.awaitReceived(1);
                PlainSocket late = web.user(Door.PORT, get("/late"));
                assertThat(late.awaitEnd()).isEqualTo(End.CLEAN); // its time is over, and the upload has taken longer
                slowUpload.send(bytes("cde"));
                await().until(() -> text(ofUpload).endsWith("abcde"));
                ofUpload.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"));
                awaitText(slowUpload, "\r\n\r\no");
                PlainSocket later = web.user(Door.PORT, get("/later"));
                assertThat(later.awaitEnd()).isEqualTo(End.CLEAN);
                ofUpload.send(bytes("k"));
                awaitText(slowUpload, "\r\n\r\nok");
            }
        }
    }
}
