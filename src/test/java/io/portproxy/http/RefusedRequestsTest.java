package io.portproxy.http;

import static io.portproxy.http.Connection.GET;
import static io.portproxy.http.Connection.GET_RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.HttpRequestRewriter.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that malformed or ambiguous input is refused as a whole, and in the same way wherever it is cut. */
class RefusedRequestsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String LINE = "POST / HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final String LONG = "a".repeat(5000);

    /** Each argument list has a name, the status and the head. */
    static Stream<Arguments> heads() {
        return Stream.of(
                bad("two lengths", 400, fields("Content-Length: 3\r\nContent-Length: 4\r\n")),
                bad("the same length twice", 400, fields("Content-Length: 3\r\nContent-Length: 3\r\n")),
                bad("a list of lengths", 400, fields("Content-Length: 3, 3\r\n")),
                bad("a length with a sign", 400, fields("Content-Length: +3\r\n")),
                bad("a negative length", 400, fields("Content-Length: -3\r\n")),
                bad("a hexadecimal length", 400, fields("Content-Length: 0x3\r\n")),
                bad("a length with a blank in it", 400, fields("Content-Length: 1 0\r\n")),
                bad("an empty length", 400, fields("Content-Length:\r\n")),
                bad("a length beyond 63 bits", 400, fields("Content-Length: 9223372036854775808\r\n")),
                bad("a length and chunked", 400, fields("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
                bad("chunked and a length", 400, fields("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")),
                bad("chunked twice", 400, fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
                bad("chunked twice in a list", 400, fields("Transfer-Encoding: chunked, chunked\r\n")),
                bad("chunked not last", 400, fields("Transfer-Encoding: chunked, gzip\r\n")),
                bad("an unknown coding", 400, fields("Transfer-Encoding: xchunked\r\n")),
                bad("the coding identity", 400, fields("Transfer-Encoding: identity\r\n")),
                bad("no coding", 400, fields("Transfer-Encoding:\r\n")),
                bad("a coding in quotes", 400, fields("Transfer-Encoding: \"chunked\"\r\n")),
                bad("a coding with a parameter", 400, fields("Transfer-Encoding: chunked;a=b\r\n")),
                bad("a coding behind a vertical tab", 400, fields("Transfer-Encoding: \u000bchunked\r\n")),
                bad("another coding ahead of chunked", 501, fields("Transfer-Encoding: gzip, chunked\r\n")),
                bad("an empty member ahead of chunked", 501, fields("Transfer-Encoding: , chunked\r\n")),
                bad("chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                bad("a length with an underscore", 400, fields("Content_Length: 3\r\n")),
                bad("a coding with an underscore", 400, fields("transfer_encoding: chunked\r\n")),
                bad("a space before the colon", 400, fields("Content-Length : 3\r\n")),
                bad("a tab before the colon", 400, fields("Transfer-Encoding\t: chunked\r\n")),
                bad("a folded line", 400, fields("A: b\r\n c\r\n")),
                bad("a line folded with a tab", 400, fields("Transfer-Encoding:\r\n\tchunked\r\n")),
                bad("a space ahead of the first field", 400, LINE + " Host: a\r\n\r\n"),
                bad("only LF after a field", 400, fields("A: b\nContent-Length: 3\r\n")),
                bad("only LF after the request line", 400, "POST / HTTP/1.1\nHost: a\r\n\r\n"),
                bad("only LF at the end of the head", 400, LINE + HOST + "\n"),
                bad("only LF ahead of the request", 400, "\n" + LINE + HOST + "\r\n"),
                bad("CR alone in a value", 400, fields("A: b\rContent-Length: 3\r\n")),
                bad("CR alone in a name", 400, fields("A\r: b\r\n")),
                bad("CR CR LF", 400, fields("A: b\r\r\n")),
                bad("CR alone ahead of the request", 400, "\r" + LINE + HOST + "\r\n"),
                bad("NUL in a value", 400, fields("A: b\0c\r\n")),
                bad("NUL in a name", 400, fields("A\0: b\r\n")),
                bad("a control character in a value", 400, fields("A: b\u0008c\r\n")),
                bad("DEL in a value", 400, fields("A: b\u007fc\r\n")),
                bad("a line without a colon", 400, fields("Content-Length\r\n")),
                bad("an empty name", 400, fields(": b\r\n")),
                bad("a name with a byte beyond ASCII", 400, fields("\u00e9: b\r\n")),
                bad("a name with a bracket", 400, fields("A[: b\r\n")),
                bad("no Host in HTTP/1.1", 400, LINE + "\r\n"),
                bad("two Hosts", 400, fields(HOST)),
                bad("two Hosts in other case", 400, fields("hOST: b\r\n")),
                bad("two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
                bad("a Host with user information", 400, LINE + "Host: a@b\r\n\r\n"),
                bad("a Host with a path", 400, LINE + "Host: a/b\r\n\r\n"),
                bad("a Host with a comma", 400, LINE + "Host: a,b\r\n\r\n"),
                bad("a Host with a blank", 400, LINE + "Host: a b\r\n\r\n"),
                bad("a Host with a byte beyond ASCII", 400, LINE + "Host: \u00e4\r\n\r\n"),
                bad("a Host with a port that is none", 400, LINE + "Host: a:b\r\n\r\n"),
                bad("a Host with a port too large", 400, LINE + "Host: a:65536\r\n\r\n"),
                bad("a v6 Host without brackets", 400, LINE + "Host: ::1\r\n\r\n"),
                bad("Host and target that differ", 400, "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n"),
                bad("Host and target with other ports", 400, "GET http://a/ HTTP/1.1\r\nHost: a:81\r\n\r\n"),
                bad("a target with user information", 400, "GET http://b@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target without a host", 400, "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target that is no path", 400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a star with a method other than OPTIONS", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("two spaces behind the method", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("two spaces behind the target", 400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a space behind the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                bad("a tab in the request line", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a space ahead of the method", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("DEL in the target", 400, "GET /\u007f HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a fragment in the target", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a fragment behind an authority", 400, "GET http://h#x HTTP/1.1\r\nHost: h\r\n\r\n"),
                bad("a byte beyond ASCII in the target", 400, "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a byte beyond ASCII in a query", 400, "GET /?\u0080 HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a method that is no token", 400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("HEAD in small letters", 400, "head / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("CONNECT in mixed case", 400, "Connect a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"),
                bad("CONNECT without a port", 400, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("CONNECT with a length", 400, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1\r\n\r\n"),
                bad(
                        "CONNECT with chunks",
                        400,
                        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                bad("a Connection that names our field", 400, fields("Connection: close, X-Forwarded-For\r\n")),
                bad(
                        "a Connection that names our field with underscores",
                        400,
                        fields("connection: x_forwarded_host\r\n")),
                bad("a Connection that names Host", 400, fields("Connection:host\r\n")),
                bad("HTTP/0.9", 505, "GET /\r\n"),
                bad("no target", 505, "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                bad("HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                bad("a version in small letters", 505, "GET / http/1.1\r\nHost: a\r\n\r\n"),
                bad("a version that is none", 505, "GET / HTTQ/1.1\r\nHost: a\r\n\r\n"),
                bad("the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                bad("a TLS ClientHello", 400, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
                bad("too many empty lines", 400, "\r\n\r\n\r\n\r\n\r\n" + LINE + HOST + "\r\n"),
                bad("a head that is too long", 431, fields("A: " + LONG + "\r\n")),
                bad("too many fields", 431, fields("A: b\r\n".repeat(1000))),
                bad("a request line that is too long", 414, "GET /" + LONG + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a method that is too long", 414, LONG));
    }

    /** Each argument list has a name and the body of a chunked request. */
    static Stream<Arguments> chunks() {
        return Stream.of(
                Arguments.of("only LF after the size", "5\nhello\r\n0\r\n\r\n"),
                Arguments.of("only LF after the data", "5\r\nhello\n0\r\n\r\n"),
                Arguments.of("only LF after an extension", "5;a\nhello\r\n0\r\n\r\n"),
                Arguments.of("only LF after the last chunk", "0\n\r\n"),
                Arguments.of("only LF at the end", "0\r\n\n"),
                Arguments.of("CR alone in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("CR CR LF after the size", "5\r\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("LF in an extension in quotes", "5;a=\"\nb\"\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("NUL in an extension", "5;a\0b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("an extension without a name", "5;\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size with a sign", "-5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size with a plus", "+5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a blank ahead of the size", " 5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a blank behind the size", "5 \r\nhello\r\n0\r\n\r\n"),
                Arguments.of("no size", "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("an extension and no size", ";a=b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("a size beyond 63 bits", "fffffffffffffffff\r\nhello"),
                Arguments.of("zeros without end", "0".repeat(5000)),
                Arguments.of("data longer than its size", "5\r\nhelloworld\r\n0\r\n\r\n"),
                Arguments.of("data and no line end", "5\r\nhello0\r\n\r\n"),
                Arguments.of("an empty line between chunks", "5\r\nhello\r\n\r\n0\r\n\r\n"),
                Arguments.of("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
                Arguments.of("a trailer with a space before the colon", "0\r\nA : b\r\n\r\n"),
                Arguments.of("a trailer without a colon", "0\r\nA\r\n\r\n"),
                Arguments.of("only LF after a trailer", "0\r\nA: b\n\r\n"),
                Arguments.of("NUL in a trailer", "0\r\nA: b\0\r\n\r\n"),
                Arguments.of("a forwarded field in the trailers", "0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"),
                Arguments.of("a forwarded field with underscores", "0\r\nA: b\r\nx_forwarded_for: 1.2.3.4\r\n\r\n"),
                Arguments.of("Forwarded in the trailers", "0\r\nforwarded: for=a\r\n\r\n"),
                Arguments.of("Host in the trailers", "0\r\nHost: a\r\n\r\n"),
                Arguments.of("a length in the trailers", "0\r\nContent-Length: 5\r\n\r\n"),
                Arguments.of("a coding in the trailers", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of("an extension that is too long", "5;" + LONG + "\r\nhello\r\n0\r\n\r\n"),
                Arguments.of("trailers that are too long", "0\r\n" + "A: b\r\n".repeat(1000) + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(", "\"", ")", ",", "/", ":", ";", "<", "=", ">", "?", "@", "[", "\\", "]", "{", "}", "\u0080",
                "\u007f"
            })
    void aMethodIsATokenFromItsFirstByte(String first) {
        assertThat(new Connection()
                        .user(first + "GET / HTTP/1.1\r\n" + HOST + "\r\n")
                        .refusal())
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /#a HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n"})
    void theAnswerToARefusedHeadHasNoBody(String head) {
        for (int size : new int[] {1, 3, 1000}) {
            assertThat(new Connection(size, size).user(head).refusal())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nContent-Length: ")
                    .endsWith("Connection: close\r\n\r\n");
        }
        assertThat(new Connection().user("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n").refusal())
                .endsWith("(#) in the request target\"}\n");
    }

    private static Arguments bad(String name, int status, String head) {
        return Arguments.of(name, status, head);
    }

    private static String fields(String lines) {
        return LINE + HOST + lines + "\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void aBadHeadIsRefusedAndNothingOfItRelayed(String name, int status, String head) {
        for (int size : new int[] {1 << 16, 1, 2, 3, 16, 23}) {
            Connection connection = new Connection(size, size).user(GET + head);

            assertThat(connection.last()).as("buffers of %d", size).isEqualTo(Result.REFUSED);
            assertThat(connection.relayed()).isEqualTo(GET_RELAYED);
            connection.target(OK);
            assertThat(connection.rewriter.refusalDue()).isTrue();
            assertThat(connection.refusal()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(connection.rewriter.refusalReason()).startsWith(status + " ");
            assertThat(connection.user(GET).relayed()).isEqualTo(GET_RELAYED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chunks")
    void aBadChunkIsRefusedAndTheRequestNeverEnds(String name, String body) {
        String good = "4\r\ngood\r\n";
        for (int size : new int[] {1 << 16, 1, 2, 3, 16, 23}) {
            String head = fields("Transfer-Encoding: chunked\r\n");
            Connection connection = new Connection(size, size).user(head);
            String relayedHead = connection.takeRelayed();
            connection.user(good);
            assertThat(connection.takeRelayed()).isEqualTo(good);

            connection.user(body + GET);

            assertThat(connection.last()).as("buffers of %d", size).isEqualTo(Result.REFUSED);
            assertThat(relayedHead).endsWith("\r\n\r\n");
            assertThat(connection.relayed())
                    .isNotEqualTo(body)
                    .doesNotContain("GET")
                    .satisfies(relayed -> {
                        assertThat(body).startsWith(relayed);
                    });
            assertThat(connection.rewriter.refusalDue()).isTrue();
            assertThat(connection.refusal()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aRefusalSaysWhatIsWrongAndThatTheConnectionCloses() {
        Connection connection = new Connection().user("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        assertThat(connection.refusal().lines())
                .containsExactly(
                        "HTTP/1.1 505 HTTP Version Not Supported",
                        "Content-Type: application/problem+json",
                        "Content-Length: 143",
                        "Cache-Control: no-store",
                        "Connection: close",
                        "",
                        "{\"type\":\"about:blank\",\"title\":\"HTTP Version Not Supported\",\"status\":505,"
                                + "\"detail\":\"This port speaks HTTP/1.1; HTTP/2 needs a port of type tcp\"}");
        assertThat(connection.refusal()).contains("close\r\n\r\n{").endsWith("tcp\"}\n");
    }

    @Test
    void aRefusalIsAPageForWhoseAcceptCouldBeRead() {
        String accept = "Accept: text/html\r\n";
        for (String bad : List.of(
                LINE + HOST + accept + "Bad Name: a\r\n\r\n",
                LINE + HOST + accept + "Content-Length: x\r\n\r\n",
                LINE + accept + "\r\n",
                LINE + HOST + accept + "A: " + LONG)) {
            assertThat(new Connection().user(bad).refusal())
                    .as(bad)
                    .matches("(?s)HTTP/1\\.1 4(00|31) .*")
                    .contains("Content-Type: text/html");
        }
        assertThat(new Connection()
                        .user("HEAD / HTTP/1.1\r\nBad Name: a\r\n\r\n")
                        .refusal())
                .endsWith("\r\n\r\n");
    }

    @Test
    void aRefusalOfTlsSaysSo() {
        assertThat(new Connection().user("\u0016\u0003\u0001").refusal()).contains("TLS");
    }

    @Test
    void aRefusalWaitsUntilEarlierResponsesHavePassed() {
        Connection connection = new Connection().user(GET + GET + "bad\r\n\r\n");
        assertThat(connection.last()).isEqualTo(Result.REFUSED);

        assertThat(connection.rewriter.refusalDue()).isFalse();
        connection.target(OK + "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot yet all");
        assertThat(connection.rewriter.refusalDue()).isFalse();
        connection.target("x".repeat(89));
        assertThat(connection.rewriter.refusalDue()).isTrue();
        assertThat(connection.refusal()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aBadBodyOfARequestThatWasAnsweredAlreadyGetsNoSecondAnswer() {
        String head = fields("Transfer-Encoding: chunked\r\n");
        Connection connection =
                new Connection().user(head).target("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\n");
        connection.user("bad chunk\r\n");
        assertThat(connection.last()).isEqualTo(Result.REFUSED);

        assertThat(connection.rewriter.refusalDue()).isFalse();
        connection.target("1234");
        assertThat(connection.rewriter.refusalDue()).isTrue();
        assertThat(connection.refusal()).isEmpty();
    }

    @Test
    void aRefusalIsNeverPutIntoAResponseThatEndsWithTheConnection() {
        Connection connection = new Connection()
                .user(GET)
                .target("HTTP/1.1 200 OK\r\n\r\nuntil the end")
                .user("bad\r\n");

        assertThat(connection.last()).isEqualTo(Result.REFUSED);
        assertThat(connection.rewriter.refusalDue()).isFalse();
        assertThat(connection.refusal()).isEmpty();
    }

    @Test
    void whereTheResponsesWereNotUnderstoodARefusalIsOnlyAClose() {
        Connection connection = new Connection().user(GET).target("garbage\r\n").user("bad\r\n");

        assertThat(connection.rewriter.refusalDue()).isTrue();
        assertThat(connection.refusal()).isEmpty();
    }

    @Test
    void aHeadOfExactlyTheLimitPasses() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
        String fits = head + "b".repeat(4096 - head.length() - 4) + "\r\n\r\n";

        assertThat(new Connection().user(fits).last()).isEqualTo(Result.NEED_INPUT);
        assertThat(new Connection().user(fits.replace("A: b", "A: bb")).refusal())
                .startsWith("HTTP/1.1 431 ");
    }
}
