package io.portproxy.server;

import static io.portproxy.testing.WebUnderTest.awaitText;
import static io.portproxy.testing.WebUnderTest.bytes;
import static io.portproxy.testing.WebUnderTest.get;
import static io.portproxy.testing.WebUnderTest.http;
import static io.portproxy.testing.WebUnderTest.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.FieldRules;
import io.portproxy.http.HeaderRules;
import io.portproxy.net.tls.ServerCertificate;
import io.portproxy.net.tls.TlsSettings;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.testing.Speech;
import io.portproxy.testing.Target;
import io.portproxy.testing.TestCertificates;
import io.portproxy.testing.WebUnderTest;
import io.portproxy.testing.WebUnderTest.Door;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests an operator's rules that change header fields. */
@ParameterizedClass
@EnumSource
class HeaderRulesTest {
    private static final HeaderRules RULES = new HeaderRules(
            FieldRules.of(Map.of("X-User", "nobody"), List.of("X-Secret", "Accept")),
            FieldRules.of(Map.of("X-Frame-Options", "DENY"), List.of("Server")),
            Optional.of("max-age=60"));

    private final Speech speech;

    HeaderRulesTest(Speech speech) {
        this.speech = speech;
    }

    @ParameterizedTest
    @EnumSource
    void fieldsOfEachRequestAndAnswerOfAConnectionAreChanged(Door door) throws Exception {
        List<String> heads = WebUnderTest.heads();
        try (Target target =
                        WebUnderTest.application(heads, "Server: secret/1", "x-frame-options: ALLOW", "X-Kept: 1");
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withHeaders(RULES))) {
            String request =
                    get("/a", "X-User: root", "x_user: root", "x-secret: 1", "Accept: text/html", "X-Other: 2");
            PlainSocket user = web.user(door, request + request.repeat(70));

            await().until(() -> text(user).split("at /a\n", -1).length == 72);
            assertThat(heads)
                    .hasSize(71)
                    .allSatisfy(head -> assertThat(head)
                            .contains("\nX-User: nobody\n", "\nX-Other: 2\n")
                            .doesNotContainIgnoringCase("root")
                            .doesNotContainIgnoringCase("secret")
                            .doesNotContain("Accept"));
            assertThat(text(user).split("\r\nX-Frame-Options: DENY\r\n", -1)).hasSize(72);
            assertThat(text(user).split("\r\nX-Kept: 1\r\n", -1)).hasSize(72);
            assertThat(text(user)).doesNotContain("ALLOW", "secret/1", "Strict-Transport-Security");
        }
    }

    @Test
    void aRequestCannotHaveOurFieldTakenOutByConnection() throws Exception {
        try (Target target = WebUnderTest.application(WebUnderTest.heads());
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withHeaders(RULES))) {
            PlainSocket user = web.user(Door.PORT, get("/", "Connection: keep-alive, x-user"));

            assertThat(user.awaitEnd()).isEqualTo(End.CLEAN);
            assertThat(text(user)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void interimAnswersStayAsTheyAreAndABodyThatLooksLikeAHeadToo() throws Exception {
        try (RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech, target.port(), http(target.port()).withHeaders(RULES))) {
            PlainSocket user = web.user(Door.PORT, get("/"));
            try (PlainSocket atTarget = target.accept()) {
                atTarget.awaitReceived(get("/").length());
                String hints = "HTTP/1.1 103 Early Hints\r\nServer: s\r\n\r\n";
                String body = "HTTP/1.1 200 OK\r\nServer: s\r\n\r\n";
                atTarget.send(bytes(hints + "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body));
                awaitText(user, body);
                assertThat(text(user))
                        .isEqualTo(hints + "HTTP/1.1 200 OK\r\nContent-Length: " + body.length()
                                + "\r\nX-Frame-Options: DENY\r\n\r\n" + body);
            }
        }
    }

    @Test
    void hstsIsInEachAnswerInsideTlsInOursToo() throws Exception {
        ServerCertificate shown = new ServerCertificate(
                new TlsSettings(() -> TestCertificates.context(TestCertificates.SERVER), false), Set.of("app.example"));
        try (RawTarget target = RawTarget.open();
                WebUnderTest web = WebUnderTest.start(
                        speech,
                        target.port(),
                        http(target.port()).withHeaders(RULES),
                        Duration.ofSeconds(10),
                        Optional.of(any -> Optional.of(shown)));
                SSLSocket user = (SSLSocket) TestCertificates.context(TestCertificates.CLIENT, TestCertificates.CA)
                        .getSocketFactory()
                        .createSocket("127.0.0.1", web.address(Door.HOST).getPort())) {
            user.getOutputStream().write(bytes(get("/")));
            try (PlainSocket atTarget = target.accept()) {
                atTarget.awaitReceived(1);
                atTarget.send(bytes("HTTP/1.1 204 No Content\r\nStrict-Transport-Security: max-age=1\r\n\r\n"));
                String first = new String(user.getInputStream().readNBytes(80), ISO_8859_1);
                user.getOutputStream().write(bytes("GET / HTTP/1.1\r\nHost: app.example\r\nHost: b\r\n\r\n"));
                String rest = first + new String(user.getInputStream().readAllBytes(), ISO_8859_1);

                assertThat(rest.split("\r\nStrict-Transport-Security: max-age=60\r\n", -1))
                        .hasSize(3);
                assertThat(rest).contains("HTTP/1.1 204", "HTTP/1.1 400").doesNotContain("max-age=1\r");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, says where a message ends",
        "content_length, says where a message ends",
        "Transfer-Encoding, says where a message ends",
        "Connection, says where a message ends",
        "Sec-WebSocket-Key, says where a message ends",
        "Host, host-header",
        "X-Forwarded-For, forwarded-headers",
        "a b, no name",
        "'', no name",
    })
    void whatFramesAMessageCannotBeChanged(String name, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FieldRules.of(Map.of(name, "1"), List.of()))
                .withMessageContaining(why);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FieldRules.of(Map.of(), List.of(name)))
                .withMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({"'a\nb'", "'a\rb'", "'a\u0000b'", "ä"})
    void aValueHasNoLineEnd(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> FieldRules.of(Map.of("X", value), List.of()));
    }
}
