package io.portproxy.server;

import static io.portproxy.testing.WebUnderTest.awaitText;
import static io.portproxy.testing.WebUnderTest.bytes;
import static io.portproxy.testing.WebUnderTest.get;
import static io.portproxy.testing.WebUnderTest.http;
import static io.portproxy.testing.WebUnderTest.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.ErrorPages;
import io.portproxy.server.exposed.user.AccessLog;
import io.portproxy.server.exposed.user.RequestCounts;
import io.portproxy.server.exposed.user.WebServices;
import io.portproxy.testing.LogRecorder;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.testing.WebUnderTest.Door;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what the server counts, shows and logs about requests. */
@ParameterizedClass
@EnumSource
class WebObservedTest {
    private final Speech speech;

    WebObservedTest(Speech speech) {
        this.speech = speech;
    }

    private static WebServices logging(AccessLog.Format format) {
        return new WebServices(ErrorPages.none(), new AccessLog(format));
    }

    /** Returns a target that ends a connection when a request has come. If it ended sooner, there would be no request to answer at a port. */
    private static Target silent() {
        return new Target(socket -> socket.getInputStream().read());
    }

    @ParameterizedTest
    @EnumSource
    void requestsAreCountedByTheClassOfTheirStatusAndTheirTimesTaken(Door door) throws Exception {
        try (Target target = WebUnderTest.application(WebUnderTest.heads());
                WebUnderTest web = WebUnderTest.start(speech, target.port(), http(target.port()))) {
            PlainSocket user = web.user(door, get("/a") + get("/b") + get("/c"));
            awaitText(user, "at /c\n");
            user.send(bytes("GET /#d HTTP/1.1\r\nHost: app.example\r\n\r\n"));
            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);

            await().untilAsserted(() ->
                    assertThat(web.view(door).requests().statuses()).isEqualTo(Map.of("2xx", 3L, "4xx", 1L)));
            RequestCounts counts = web.view(door).requests();
            assertThat(counts.firstByteTimes().count()).isEqualTo(3);
            assertThat(counts.firstByteQuantile(0.5))
                    .hasValueSatisfying(time -> assertThat(time)
                            .isBetween(
                                    Duration.ZERO,
                                    counts.firstByteQuantile(0.99).orElseThrow()));
        }
    }

    @Test
    void aPageThatIsLargerThanWhatTheSocketTakesAtOnceIsReadWhole() throws Exception {
        String large = "x".repeat(8 << 20);
        ErrorPages pages = new ErrorPages(Map.of("404", "<p>" + large + "</p>"));
        try (Target silent = silent();
                WebUnderTest web = WebUnderTest.start(
                        speech,
                        silent.port(),
                        http(silent.port()),
                        new WebServices(pages, new AccessLog(AccessLog.Format.NONE)));
                PlainSocket person = PlainSocket.connectSlowReader(web.address(Door.HOST))) {
            person.send(WebUnderTest.bytes(
                    "POST / HTTP/1.1\r\nHost: unknown.example\r\nAccept: text/html\r\nContent-Length: 9\r\n\r\n"));
            await().until(() -> person.size() == 0 && hasAnswered(web));
            person.send(WebUnderTest.bytes("some body"));
            person.startReading();

            assertThat(person.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(person)).startsWith("HTTP/1.1 404 ").endsWith("x</p>");
            assertThat(person.size()).isGreaterThan(large.length());
        }
    }

    /** The request, the status of the answer, and the part of the request in the log. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "GET /x HTTP/1.1~Host: app.example~User-Agent: u~Bad Name: 1~~ | 400 | \"GET /x HTTP/1.1\" 400 \\d+ \"-\" \"u\" \"app.example\"",
                "GET /y HTTP/1.1~Host: app.example~A: LONG | 431 | \"GET /y HTTP/1.1\" 431 \\d+ \"-\" \"-\" \"app.example\"",
                "NONSENSE~~ | 400 | \"NONSENSE\" 400 \\d+ \"-\" \"-\" \"-\"",
                "GET /LONG | 414 | \"-\" 414 \\d+ \"-\" \"-\" \"-\"",
            })
    void whatIsMalformedIsAnsweredAndWrittenDownAsFarAsItCouldBeRead(String sent, int status, String line)
            throws Exception {
        for (Door door : Door.values()) {
            try (LogRecorder log = new LogRecorder();
                    Target silent = silent();
                    WebUnderTest web = WebUnderTest.start(
                            speech, silent.port(), http(silent.port()), logging(AccessLog.Format.COMBINED))) {
                PlainSocket user = web.user(door, sent.replace("~", "\r\n").replace("LONG", "a".repeat(5000)));

                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
                assertThat(text(user))
                        .startsWith("HTTP/1.1 " + status + " ")
                        .contains("Content-Type: application/problem+json");
                String route = door == Door.HOST
                        ? "\"-\" \"-\""
                        : "\"" + web.view(door).bind() + "\" \"r\"";
                await().untilAsserted(() -> assertThat(log.linesWith("\" " + status + " "))
                        .singleElement()
                        .asString()
                        .containsPattern(line + " " + route + " \\d+\\.\\d{3} complete"));
            }
        }
    }

    private static boolean hasAnswered(WebUnderTest web) {
        return web.server().role().gateways().get(0).unknown() == 1;
    }

    @ParameterizedTest
    @EnumSource
    void peopleGetTheOperatorsPageAndProgramsAProblem(Door door) throws Exception {
        ErrorPages pages = new ErrorPages(Map.of("error", "<h1>{{status}} {{title}}</h1><p>Ä {{detail}}</p>"));
        try (Target silent = silent();
                WebUnderTest web = WebUnderTest.start(
                        speech,
                        silent.port(),
                        http(silent.port()),
                        new WebServices(pages, new AccessLog(AccessLog.Format.NONE)))) {
            PlainSocket person = web.user(door, get("/", "Accept: text/html"));
            assertThat(person.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(person))
                    .contains("<h1>502 Bad Gateway</h1>")
                    .endsWith("</p>")
                    .contains("Content-Length: "
                            + text(person).split("\r\n\r\n", 2)[1].length());
            PlainSocket program = web.user(door, get("/"));
            assertThat(program.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(program)).contains("\"status\":502").doesNotContain("<h1>");

            pages.replaceBy(new ErrorPages(Map.of("502", "<h1>soon</h1>")));
            PlainSocket later = web.user(door, get("/", "Accept: text/html"));
            assertThat(later.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(later)).endsWith("\r\n\r\n<h1>soon</h1>");
            await().untilAsserted(() ->
                    assertThat(web.view(door).requests().statuses()).isEqualTo(Map.of("5xx", 3L)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestIsALineOfTheAccessLog(Door door) throws Exception {
        try (LogRecorder log = new LogRecorder();
                Target target = WebUnderTest.application(WebUnderTest.heads());
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()), logging(AccessLog.Format.COMBINED))) {
            PlainSocket user = web.user(
                    door,
                    get("/a", "Authorization: Bearer secret", "User-Agent: a\"b\\c", "Referer: http://x/") + get("/b"));
            awaitText(user, "at /b\n");

            await().until(() -> log.linesWith("GET /b HTTP/1.1").size() == 1);
            String route = door == Door.HOST ? "app.example" : web.view(door).bind();
            assertThat(log.linesWith("GET /a HTTP/1.1"))
                    .singleElement()
                    .asString()
                    .matches(
                            "(?s)INFO 127\\.0\\.0\\.1 - - \\[[^]]+\\] \"GET /a HTTP/1\\.1\" 200 6 \"http://x/\" \"a\\\\\"b\\\\\\\\c\" "
                                    + "\"app\\.example\" \"" + route + "\" \"r\" \\d+\\.\\d{3} complete\\s*");
            assertThat(log.linesWith("secret")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatWasCutIsWrittenDownAsCut(Door door) throws Exception {
        try (LogRecorder log = new LogRecorder();
                RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()), logging(AccessLog.Format.JSON))) {
            PlainSocket user = web.user(door, get("/cut"));
            try (PlainSocket atTarget = target.accept()) {
                atTarget.awaitReceived(1);
                atTarget.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
                awaitText(user, "abc");
                user.reset();
                atTarget.awaitEnd();
            }

            await().until(() -> log.linesWith("/cut").size() == 1);
            assertThat(log.linesWith("/cut"))
                    .singleElement()
                    .asString()
                    .contains("\"request\":\"GET /cut HTTP/1.1\",\"status\":200,\"bytes\":3,", "\"end\":\"cut\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWeAnswerOurselvesIsWrittenDownToo(Door door) throws Exception {
        try (LogRecorder log = new LogRecorder();
                Target silent = silent();
                WebUnderTest web = WebUnderTest.start(
                        speech, silent.port(), http(silent.port()), logging(AccessLog.Format.JSON))) {
            List<PlainSocket> users = List.of(
                    web.user(door, get("/refused")), web.user(door, "GET /#bad HTTP/1.1\r\nHost: app.example\r\n\r\n"));
            for (PlainSocket user : users) {
                assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            }
            String answer = new String(users.get(0).received(), ISO_8859_1);
            int body = answer.length() - answer.indexOf("\r\n\r\n") - 4;
            assertThat(body).isPositive();
            await().until(() ->
                    log.linesWith("\"request\":\"GET /refused HTTP/1.1\",\"status\":502,\"bytes\":" + body + ",")
                                    .size()
                            == 1);
        }
    }
}
