package io.portproxy.http;

import static io.portproxy.http.Connection.ADDED;
import static io.portproxy.http.Connection.GET;
import static io.portproxy.http.Connection.GET_RELAYED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.HttpRequestRewriter.Result;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpRequestRewriterTest {
    private static final String HOST = "Host: 127.0.0.1:6688\r\n";
    private static final String TARGET = "Host: 127.0.0.1:17211\r\n";
    private static final String POST = "POST /p HTTP/1.1\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String BODY_LIKE_A_HEAD = "GET /evil HTTP/1.1\r\nHost: 127.0.0.1:6688\r\n\r\n";

    /** Each argument list has a name, the bytes of the user, and the bytes that the target gets. */
    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("a plain request", GET, GET_RELAYED),
                Arguments.of("requests one behind the other", GET + GET + GET, GET_RELAYED.repeat(3)),
                Arguments.of(
                        "every other line as it came, in its order",
                        POST + "accept:  */*;q=0.5 \t\r\n" + HOST
                                + "X-Cafe: \u00ff\u0080\r\nx-EMPTY:\r\nCookie: a=b; c\r\n"
                                + "COOKIE: d\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n",
                        POST + "accept:  */*;q=0.5 \t\r\n" + TARGET
                                + "X-Cafe: \u00ff\u0080\r\nx-EMPTY:\r\nCookie: a=b; c\r\n"
                                + "COOKIE: d\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n" + ADDED + "\r\n"),
                Arguments.of(
                        "the spelling of Host and the blanks around its value",
                        "GET / HTTP/1.1\r\nhOsT:\t 127.0.0.1:6688 \t\r\n\r\n",
                        "GET / HTTP/1.1\r\nhOsT:\t 127.0.0.1:17211 \t\r\n" + ADDED + "\r\n"),
                Arguments.of(
                        "what the user sent as forwarded, in every spelling",
                        "GET / HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\r\nx_forwarded_for: 1.2.3.4\r\n" + HOST
                                + "X-FORWARDED-HOST: evil\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\n"
                                + "X.Forwarded.For: 5\r\nForwarded: for=1.2.3.4\r\nX-Forwarded: a\r\n"
                                + "Forwarded-Not: b\r\nx-forwarded-prefix: /c\r\n\r\n",
                        "GET / HTTP/1.1\r\n" + TARGET + "Forwarded-Not: b\r\n" + ADDED + "\r\n"),
                Arguments.of(
                        "a body of a length, whatever it holds",
                        POST + HOST + "Content-Length: " + BODY_LIKE_A_HEAD.length() + "\r\n\r\n" + BODY_LIKE_A_HEAD
                                + GET,
                        POST + TARGET + "Content-Length: " + BODY_LIKE_A_HEAD.length() + "\r\n" + ADDED + "\r\n"
                                + BODY_LIKE_A_HEAD + GET_RELAYED),
                Arguments.of(
                        "a body of no bytes",
                        POST + HOST + "content-length:0\r\n\r\n" + GET,
                        POST + TARGET + "content-length:0\r\n" + ADDED + "\r\n" + GET_RELAYED),
                chunked("chunks", "5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n"),
                chunked(
                        "a chunk, whatever it holds",
                        Integer.toHexString(BODY_LIKE_A_HEAD.length()) + "\r\n" + BODY_LIKE_A_HEAD + "\r\n0\r\n\r\n"),
                chunked("chunk extensions", "5;a=b;c=\"d;\\\"e\"\r\nhello\r\n3 ; x\r\nabc\r\n000;last\r\n\r\n"),
                chunked("trailers", "5\r\nhello\r\n0\r\nDigest: x\r\nX-Trailer:  \u00e9 \r\n\r\n"),
                chunked("an empty chunked body", "0\r\n\r\n"),
                Arguments.of(
                        "a coding in other case",
                        POST + HOST + "transfer-encoding:  Chunked \r\n\r\n1\r\na\r\n0\r\n\r\n" + GET,
                        POST + TARGET + "transfer-encoding:  Chunked \r\n" + ADDED + "\r\n1\r\na\r\n0\r\n\r\n"
                                + GET_RELAYED),
                Arguments.of("empty lines ahead of a request", "\r\n\r\n" + GET + "\r\n" + GET, GET_RELAYED.repeat(2)),
                Arguments.of(
                        "HTTP/1.0 without a Host",
                        "GET / HTTP/1.0\r\n\r\n",
                        "GET / HTTP/1.0\r\nHost: 127.0.0.1:17211\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Port: 6688\r\nX-Forwarded-Proto: http\r\n\r\n"),
                Arguments.of(
                        "an empty Host",
                        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost:127.0.0.1:17211\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Port: 6688\r\nX-Forwarded-Proto: http\r\n\r\n"),
                Arguments.of(
                        "the authority of an absolute target and Host alike",
                        "GET http://127.0.0.1:6688/a?b=http://c HTTP/1.1\r\n" + HOST + "\r\n",
                        "GET http://127.0.0.1:17211/a?b=http://c HTTP/1.1\r\n" + TARGET + ADDED + "\r\n"),
                Arguments.of(
                        "an absolute target in HTTP/1.0 without a Host",
                        "GET HTTP://127.0.0.1:6688 HTTP/1.0\r\n\r\n",
                        "GET HTTP://127.0.0.1:17211 HTTP/1.0\r\n" + TARGET + ADDED + "\r\n"),
                Arguments.of(
                        "OPTIONS for the server as a whole, and methods that nobody knows",
                        "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\nF!#$ / HTTP/1.1\r\n" + HOST + "\r\n",
                        "OPTIONS * HTTP/1.1\r\n" + TARGET + ADDED + "\r\nF!#$ / HTTP/1.1\r\n" + TARGET + ADDED
                                + "\r\n"),
                Arguments.of(
                        "a target with bytes that should have been escaped",
                        "GET /caf%C3%A9?[|]\"<>\\^`{} HTTP/1.1\r\n" + HOST + "\r\n",
                        "GET /caf%C3%A9?[|]\"<>\\^`{} HTTP/1.1\r\n" + TARGET + ADDED + "\r\n"));
    }

    private static Arguments chunked(String name, String body) {
        return Arguments.of(
                name,
                POST + HOST + CHUNKED + "\r\n" + body + GET,
                POST + TARGET + CHUNKED + ADDED + "\r\n" + body + GET_RELAYED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void relaysAsExpected(String name, String sent, String expected) {
        Connection connection = new Connection().user(sent);

        assertThat(connection.relayed()).isEqualTo(expected);
        assertThat(connection.last()).isEqualTo(Result.NEED_INPUT);
        assertThat(connection.rewriter.heldBytes()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void relaysTheSameWhereverTheInputIsCut(String name, String sent, String expected) {
        for (int cut = 1; cut < sent.length(); cut++) {
            String relayed = new Connection()
                    .user(sent.substring(0, cut))
                    .user(sent.substring(cut))
                    .relayed();
            assertThat(relayed).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void relaysTheSameHoweverSmallTheBuffersAre(String name, String sent, String expected) {
        for (int in : new int[] {1, 2, 3, 7, 16, 17, 64, 1 << 16}) {
            for (int out = 1; out <= 70; out++) {
                String relayed = new Connection(in, out).user(sent).relayed();
                assertThat(relayed).as("in %d, out %d", in, out).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void readsFromADirectBufferToo(String name, String sent, String expected) {
        HttpRequestRewriter rewriter = new Connection().rewriter;
        byte[] bytes = sent.getBytes(ISO_8859_1);
        ByteBuffer in = ByteBuffer.allocateDirect(bytes.length + 5)
                .position(5)
                .put(bytes)
                .position(5);
        ByteBuffer out = ByteBuffer.allocateDirect(4096);

        assertThat(rewriter.rewrite(in, out)).isEqualTo(Result.NEED_INPUT);
        byte[] relayed = new byte[out.position()];
        out.flip().get(relayed);
        assertThat(new String(relayed, ISO_8859_1)).isEqualTo(expected);
    }

    @Test
    void stopsAtTheEndOfTheOutputAndGoesOnWithoutNewInput() {
        HttpRequestRewriter rewriter = new Connection().rewriter;
        ByteBuffer in = ByteBuffer.wrap(GET.getBytes(US_ASCII));

        assertThat(rewriter.rewrite(in, ByteBuffer.allocate(GET_RELAYED.length() - 1)))
                .isEqualTo(Result.OUTPUT_FULL);
        assertThat(in.hasRemaining()).isFalse();
        ByteBuffer out = ByteBuffer.allocate(1);
        assertThat(rewriter.rewrite(in, out)).isEqualTo(Result.NEED_INPUT);
        assertThat(out.get(0)).isEqualTo((byte) '\n');
    }
}
