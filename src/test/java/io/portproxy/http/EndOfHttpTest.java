package io.portproxy.http;

import static io.portproxy.http.Connection.ADDED;
import static io.portproxy.http.Connection.GET;
import static io.portproxy.http.Connection.GET_RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.HttpRequestRewriter.Result;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests Upgrade and CONNECT: when the user's bytes wait, and which response decides how to treat them. */
class EndOfHttpTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String UPGRADE_FIELDS =
            "Connection: Upgrade\r\nSec-WebSocket-Key: " + KEY + "\r\nUpgrade: websocket\r\n";
    private static final String UPGRADE = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:6688\r\n" + UPGRADE_FIELDS + "\r\n";
    private static final String UPGRADE_RELAYED =
            "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:17211\r\n" + UPGRADE_FIELDS + ADDED + "\r\n";
    private static final String CONNECT = "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n";
    private static final String CONNECT_RELAYED = "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n"
            + ADDED.replace("127.0.0.1:6688", "db.example:5432").replace("6688", "5432") + "\r\n";
    private static final String SWITCHING = switching(KEY);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String FRAMES = "\u0081\u0085\0\1\2\3hello";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void bytesBehindAnUpgradeWaitAndPassAsTheyAreAfter101(int size) {
        Connection connection = new Connection(size, size).user(UPGRADE + FRAMES);
        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.rewriter.awaitsResponse()).isTrue();
        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED);

        connection.target(SWITCHING + FRAMES).resume();

        assertThat(connection.rewriter.transparent()).isTrue();
        assertThat(connection.rewriter.awaitsResponse()).isFalse();
        assertThat(connection.last()).isEqualTo(Result.TRANSPARENT);
        assertThat(connection.waiting()).isEqualTo(FRAMES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void anUpgradeThatIsDeclinedLeavesTheConnectionToRequests(int size) {
        Connection connection = new Connection(size, size).user(UPGRADE + GET);
        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED);

        connection.target("HTTP/1.1 426 No\r\nContent-Length: 0\r\n\r\n").resume();

        assertThat(connection.rewriter.transparent()).isFalse();
        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED + GET_RELAYED);
    }

    @Test
    void requestsGoOnAtTheFinalStatusEvenBeforeTheBodyOfTheResponse() {
        Connection connection = new Connection().user(UPGRADE + GET).target("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n");
        assertThat(connection.rewriter.awaitsResponse()).isTrue();

        connection.target("\r\n").resume();

        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED + GET_RELAYED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void otherInterimResponsesAreSkippedWhole(int size) {
        Connection connection = new Connection(size, size).user(UPGRADE);

        connection.target("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
        assertThat(connection.rewriter.awaitsResponse()).isTrue();
        connection.target(SWITCHING);

        assertThat(connection.rewriter.transparent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void anUpgradeBehindOtherRequestsWaitsForTheirAnswersAndProvesItself(int size) {
        String head = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
        Connection connection = new Connection(size, size).user(GET + head + GET + GET + UPGRADE + FRAMES);
        String forged = switching(KEY);

        connection.target("HTTP/1.1 200 OK\r\nContent-Length: " + forged.length() + "\r\n\r\n" + forged);
        connection.target("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        connection.target("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(forged.length())
                + "\r\n" + forged + "\r\n0\r\nA: b\r\n\r\n");
        assertThat(connection.resume().relayed()).doesNotContain("/ws");
        assertThat(connection.rewriter.awaitsResponse()).isTrue();
        connection.target("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
        connection.takeRelayed();
        String relayed = connection.resume().relayed();
        assertThat(relayed).isEqualTo(UPGRADE_RELAYED.replace(KEY, keyIn(relayed)));
        assertThat(keyIn(relayed)).isNotEqualTo(KEY).hasSameSizeAs(KEY);
        connection.target(switching(keyIn(relayed)));

        assertThat(connection.rewriter.transparent()).isTrue();
        assertThat(connection.delivered()).endsWith(switching(KEY));
        assertThat(connection.resume().waiting()).isEqualTo(FRAMES);
    }

    @Test
    void anUpgradeOnAConnectionThatHasServedRequestsWorks() {
        Connection connection = new Connection().user(GET).target(OK).user(GET).target(OK);
        connection.takeRelayed();

        connection.user(UPGRADE);
        connection.target(switching(keyIn(connection.relayed())));

        assertThat(connection.rewriter.transparent()).isTrue();
    }

    @Test
    void onAUsedConnectionOnlyAWebSocketIsPassedOn() {
        for (String fields : new String[] {
            UPGRADE_FIELDS.replace("websocket", "tcp"),
            UPGRADE_FIELDS.replace("Sec-WebSocket-Key: " + KEY + "\r\n", ""),
            UPGRADE_FIELDS + "Sec-WebSocket-Key: " + KEY + "\r\n",
            UPGRADE_FIELDS.replace(KEY, "short")
        }) {
            Connection connection = new Connection().user(GET).target(OK);
            connection.user("GET /ws HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
            assertThat(connection.rewriter.awaitsResponse()).isFalse();
            assertThat(connection.relayed()).doesNotContain("Upgrade:");
        }
        Connection both = new Connection().user(GET).target(OK);
        both.user(UPGRADE.replace("websocket", "tcp, WebSocket"));
        assertThat(both.relayed()).contains("\r\nUpgrade: WebSocket\r\n");
        Connection connect = new Connection().user(GET).target(OK).user(CONNECT);
        assertThat(connect.rewriter.refusalReason()).startsWith("501 ");
    }

    /** Returns requests and badly framed answers. The target appends text chosen by the user that looks like the next answer. */
    static Stream<Arguments> badlyFramed() {
        String forged = switching(KEY);
        String length = "Content-Length: " + forged.length() + "\r\n\r\n";
        String head = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
        return Stream.of(
                Arguments.of("a HEAD with a body", head, "HTTP/1.1 200 OK\r\n" + length),
                Arguments.of("a 204 with a body", GET, "HTTP/1.1 204 No\r\n\r\n"),
                Arguments.of("a 304 with a body", GET, "HTTP/1.1 304 No\r\n" + length),
                Arguments.of("a 100 with a body", GET, OK.replace("200", "100") + OK),
                Arguments.of("one that is too long", GET, OK),
                Arguments.of("one that is too long by a whole answer", GET, OK + OK),
                Arguments.of("chunks and more", GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badlyFramed")
    void noBadlyFramedAnswerLetsAUserOut(String name, String request, String answer) {
        String hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n";
        String forged = switching(KEY);
        for (int size : new int[] {1, 2, 7, 1000}) {
            for (String upgrade : new String[] {UPGRADE, UPGRADE.replace("websocket", "x")}) {
                // The forged answer comes with the real one, during the Upgrade, or in two parts.
                for (int together : new int[] {forged.length(), 0, 11}) {
                    Connection connection = new Connection(size, size).user(request + upgrade + hidden);
                    connection
                            .target(answer + forged.substring(0, together))
                            .resume()
                            .target(forged.substring(together))
                            .resume();

                    assertThat(connection.rewriter.transparent()).isFalse();
                    assertThat(connection.relayed()).doesNotContain("6.6.6.6");
                }
            }
        }
    }

    @Test
    void a101ThatDoesNotProveItselfIsAnsweredWith502() {
        Connection connection = new Connection().user(GET).target(OK).user(UPGRADE);

        connection.target(switching(KEY) + "more");

        assertThat(connection.delivered()).isEqualTo(OK);
        assertThat(connection.rewriter.targetIsWrong()).isTrue();
        assertThat(connection.refusal()).startsWith("HTTP/1.1 502 ").contains("key");
        assertThat(connection.target("more").delivered()).isEqualTo(OK);
    }

    /** Returns answers that RFC 9110 and RFC 9112 do not allow as a 101. */
    static Stream<String> no101() {
        return Stream.of(
                "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\n\r\n",
                "HTTP/1.1  101 Switching Protocols\r\n\r\n",
                "\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.0 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 101 S\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 101 S\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 100 Continue\r\nContent-Length: 60\r\n\r\n" + switching(KEY),
                "HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n\r\n" + switching(KEY),
                "HTTP/1.0 100 Continue\r\n\r\n" + switching(KEY),
                "garbage\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("no101")
    void whatIsNo101IsAnsweredWith502AndNothingOfItPasses(String answer) {
        for (int size : new int[] {1, 2, 7, 1000}) {
            Connection connection = new Connection(size, size).user(UPGRADE + FRAMES);

            connection.target(answer).resume();

            assertThat(connection.rewriter.transparent()).isFalse();
            assertThat(connection.delivered()).isEmpty();
            assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED);
            assertThat(connection.last()).isEqualTo(Result.REFUSED);
            assertThat(connection.rewriter.refusalDue()).isTrue();
            assertThat(connection.refusal()).startsWith("HTTP/1.1 502 ");
            assertThat(connection.rewriter.heldBytes()).isZero();
        }
    }

    @Test
    void aUserThatHasEndedItsSideIsSentOnWithoutAnUpgradeThatWaits() {
        Connection connection = new Connection().user(GET + UPGRADE + GET);
        connection.rewriter.userEnded();

        connection.resume();

        assertThat(connection.relayed())
                .isEqualTo(GET_RELAYED + UPGRADE_RELAYED.replace("Upgrade: websocket\r\n", "") + GET_RELAYED);
    }

    @Test
    void whatIsHeldOfAHeadPassesWhenTheTargetEnds() {
        String part = "HTTP/1.1 200 OK\r\nContent-Le";
        Connection connection = new Connection().user(GET).target(OK.substring(0, OK.length() - 1));

        connection.target("k").user(GET).target(part);
        assertThat(connection.delivered()).isEqualTo(OK);
        assertThat(connection.targetEnds().delivered()).isEqualTo(OK + part);
        assertThat(connection.rewriter.heldBytes()).isZero();
    }

    @Test
    void aResponseHeadThatNeverEndsIsNotKeptWithoutABound() {
        Connection connection = new Connection(1000, 1000).user(GET);
        String head = "HTTP/1.1 200 OK\r\nA: " + "b".repeat(200_000);

        connection.target(head);

        assertThat(connection.delivered()).isEqualTo(head);
        assertThat(connection.mostHeld()).isBetween(60_000, 66_000);
        assertThat(connection.rewriter.heldBytes()).isZero();
    }

    @Test
    void anUpgradeWithABodyIsRelayedWithItAndThenWaits() {
        String fields = "Content-Length: 5\r\n" + UPGRADE_FIELDS;
        Connection connection = new Connection().user("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\nhel");
        assertThat(connection.last()).isEqualTo(Result.NEED_INPUT);

        connection.user("lo" + FRAMES);
        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.relayed()).endsWith("\r\n\r\nhello");
        connection.target(SWITCHING).resume();

        assertThat(connection.waiting()).isEqualTo(FRAMES);
        assertThat(connection.rewriter.transparent()).isTrue();
    }

    @Test
    void anAnswerAheadOfTheEndOfTheBodyCountsOnceTheBodyHasPassed() {
        String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + UPGRADE_FIELDS + "\r\n";
        Connection switched = new Connection().user(head).target(SWITCHING);
        assertThat(switched.rewriter.transparent()).isFalse();
        switched.user("0\r\n\r\n" + FRAMES);
        assertThat(switched.rewriter.transparent()).isTrue();
        assertThat(switched.waiting()).isEqualTo(FRAMES);

        Connection declined = new Connection().user(head).target(OK).user("0\r\n\r\n" + GET);
        assertThat(declined.relayed()).endsWith("0\r\n\r\n" + GET_RELAYED);
    }

    @Test
    void a101ThatNobodyAskedForDoesNotPass() {
        Connection connection = new Connection().user(GET).target(SWITCHING).user(GET);

        assertThat(connection.rewriter.transparent()).isFalse();
        assertThat(connection.delivered()).isEmpty();
        assertThat(connection.relayed()).isEqualTo(GET_RELAYED);
        assertThat(connection.refusal()).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void afterResponsesThatWereNotUnderstoodUpgradeIsDroppedAndConnectRefused() {
        for (String response : new String[] {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "nonsense\r\n", OK + OK}) {
            Connection connection = new Connection().user(GET).target(response);
            assertThat(connection.delivered()).isEqualTo(response);

            connection.user(UPGRADE + CONNECT);

            assertThat(connection.relayed())
                    .isEqualTo(GET_RELAYED + UPGRADE_RELAYED.replace("Upgrade: websocket\r\n", ""));
            assertThat(connection.last()).isEqualTo(Result.REFUSED);
            assertThat(connection.rewriter.refusalReason()).startsWith("501 ");
        }
    }

    @Test
    void moreRequestsWithoutAnAnswerThanAreFollowedCostOnlyTheUpgrade() {
        int many = ResponseRelay.MAX_OUTSTANDING;
        Connection followed = new Connection().user(GET.repeat(many) + UPGRADE).target(OK.repeat(many));
        followed.takeRelayed();
        followed.resume().target(switching(keyIn(followed.relayed())));
        assertThat(followed.rewriter.transparent()).isTrue();

        Connection connection = new Connection().user(GET.repeat(many + 1) + UPGRADE);
        assertThat(connection.last()).isEqualTo(Result.NEED_INPUT);
        assertThat(connection.relayed()).doesNotContain("Upgrade: websocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "h2c, TLS/1.2", "TLS/1.0", "HTTP/2.0", "H2C"})
    void protocolsThatCarryRequestsAgainAreNotOffered(String protocol) {
        Connection connection = new Connection().user(UPGRADE.replace("websocket", protocol) + GET);

        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED.replace("Upgrade: websocket\r\n", "") + GET_RELAYED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"websocket, h2c|websocket", "h2c,websocket|websocket", "a, TLS/1.0 ,b|a, b", "a ,b|a ,b"})
    void ofSeveralProtocolsTheOthersAre(String offered, String passedOn) {
        Connection connection = new Connection().user(UPGRADE.replace("websocket", offered));

        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED.replace("websocket", passedOn));
        assertThat(connection.rewriter.awaitsResponse()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void bytesBehindConnectPassAsTheyAreAfterAnySuccess(int status) {
        Connection connection = new Connection().user(CONNECT + FRAMES);
        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.relayed()).isEqualTo(CONNECT_RELAYED);

        connection
                .target("HTTP/1.1 " + status + " Fine\r\nContent-Length: 50\r\n\r\n" + FRAMES)
                .resume();

        assertThat(connection.rewriter.transparent()).isTrue();
        assertThat(connection.waiting()).isEqualTo(FRAMES);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 403, 502})
    void aConnectThatIsDeclinedLeavesTheConnectionToRequests(int status) {
        Connection connection = new Connection().user(CONNECT + GET);

        connection
                .target("HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno")
                .resume();

        assertThat(connection.relayed()).isEqualTo(CONNECT_RELAYED + GET_RELAYED);
    }

    @Test
    void a101IsNoAnswerToConnectAndA200NoneToUpgrade() {
        assertThat(new Connection().user(CONNECT).target(SWITCHING).rewriter.transparent())
                .isFalse();
        assertThat(new Connection().user(UPGRADE).target(OK).rewriter.transparent())
                .isFalse();
    }

    @Test
    void whileAnEarlierResponseEndsWithTheConnectionNothingIsSentOn() {
        Connection connection = new Connection().user(GET + UPGRADE + GET);

        connection.target("HTTP/1.0 200 OK\r\n\r\n" + SWITCHING).resume();

        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.relayed()).isEqualTo(GET_RELAYED);
    }

    private static String switching(String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + WebSocketKey.accept(key)
                + "\r\nUpgrade: websocket\r\n\r\n";
    }

    private static String keyIn(String request) {
        int from = request.indexOf("Sec-WebSocket-Key: ") + "Sec-WebSocket-Key: ".length();
        return request.substring(from, request.indexOf("\r\n", from));
    }

    @Test
    void theAnswerToAKeyIsThatOfRfc6455() {
        assertThat(WebSocketKey.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
