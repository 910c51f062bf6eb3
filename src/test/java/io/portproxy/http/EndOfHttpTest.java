package io.portproxy.http;

import static io.portproxy.http.Connection.ADDED;
import static io.portproxy.http.Connection.GET;
import static io.portproxy.http.Connection.GET_RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.HttpRequestRewriter.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrade and CONNECT: when the user's bytes wait, and which response decides what they are. */
class EndOfHttpTest {
    private static final String UPGRADE_FIELDS = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    private static final String UPGRADE = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:6688\r\n" + UPGRADE_FIELDS + "\r\n";
    private static final String UPGRADE_RELAYED =
            "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:17211\r\n" + UPGRADE_FIELDS + ADDED + "\r\n";
    private static final String CONNECT = "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n";
    private static final String CONNECT_RELAYED = "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n"
            + ADDED.replace("127.0.0.1:6688", "db.example:5432") + "\r\n";
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String FRAMES = "\u0081\u0085\0\1\2\3hello";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void bytesBehindAnUpgradeWaitAndPassAsTheyAreAfter101(int size) {
        Connection connection = new Connection(size, size).user(UPGRADE + FRAMES);
        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.rewriter.awaitingResponse()).isTrue();
        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED);

        connection.target(SWITCHING + FRAMES).resume();

        assertThat(connection.rewriter.transparent()).isTrue();
        assertThat(connection.rewriter.awaitingResponse()).isFalse();
        assertThat(connection.rewriter.watchesResponses()).isFalse();
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
        assertThat(connection.rewriter.awaitingResponse()).isTrue();

        connection.target("\r\n").resume();

        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED + GET_RELAYED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void otherInterimResponsesAreSkippedWhole(int size) {
        Connection connection = new Connection(size, size).user(UPGRADE);

        connection.target("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
        assertThat(connection.rewriter.awaitingResponse()).isTrue();
        connection.target(SWITCHING);

        assertThat(connection.rewriter.transparent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void theAnswerIsFoundBehindThoseToEarlierRequests(int size) {
        String head = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
        Connection connection = new Connection(size, size).user(GET + head + GET + GET + UPGRADE);
        String forged = "HTTP/1.1 101 Forged\r\n\r\n";

        connection.target("HTTP/1.1 200 OK\r\nContent-Length: " + forged.length() + "\r\n\r\n" + forged);
        connection.target("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        connection.target(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17\r\n" + forged + "\r\n0\r\nA: b\r\n\r\n");
        connection.target("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
        assertThat(connection.rewriter.awaitingResponse()).isTrue();
        connection.target(SWITCHING);

        assertThat(connection.rewriter.transparent()).isTrue();
    }

    @Test
    void anUpgradeOnAConnectionThatHasServedRequestsWorks() {
        Connection connection = new Connection().user(GET).target(OK).user(GET).target(OK);

        connection.user(UPGRADE).target(SWITCHING);

        assertThat(connection.rewriter.transparent()).isTrue();
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
    void a101ThatNobodyAskedForIsNotBelieved() {
        Connection connection = new Connection().user(GET).target(SWITCHING).user(GET);

        assertThat(connection.rewriter.transparent()).isFalse();
        assertThat(connection.rewriter.watchesResponses()).isFalse();
        assertThat(connection.relayed()).isEqualTo(GET_RELAYED + GET_RELAYED);
    }

    @Test
    void afterResponsesThatWereNotUnderstoodUpgradeIsDroppedAndConnectRefused() {
        for (String response : new String[] {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "nonsense\r\n", OK + OK}) {
            Connection connection = new Connection().user(GET).target(response);
            assertThat(connection.rewriter.watchesResponses()).isFalse();

            connection.user(UPGRADE + CONNECT);

            assertThat(connection.relayed())
                    .isEqualTo(GET_RELAYED + UPGRADE_RELAYED.replace("Upgrade: websocket\r\n", ""));
            assertThat(connection.last()).isEqualTo(Result.REFUSED);
            assertThat(connection.rewriter.refusalReason()).startsWith("501 ");
        }
    }

    @Test
    void garbageInPlaceOfTheAnswerIsNoSwitch() {
        Connection connection =
                new Connection().user(UPGRADE + GET).target("garbage\r\n\r\n").resume();

        assertThat(connection.rewriter.transparent()).isFalse();
        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED + GET_RELAYED);
    }

    @Test
    void moreRequestsWithoutAnAnswerThanAreFollowedCostOnlyTheUpgrade() {
        int many = ResponseWatch.MAX_OUTSTANDING;
        Connection followed = new Connection().user(GET.repeat(many - 1) + UPGRADE);
        assertThat(followed.last()).isEqualTo(Result.AWAIT_RESPONSE);
        followed.target(OK.repeat(many - 1) + SWITCHING);
        assertThat(followed.rewriter.transparent()).isTrue();

        Connection connection = new Connection().user(GET.repeat(many) + UPGRADE);
        assertThat(connection.last()).isEqualTo(Result.NEED_INPUT);
        assertThat(connection.relayed()).doesNotContain("Upgrade: websocket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket, h2c", "TLS/1.0", "HTTP/2.0", "H2C"})
    void protocolsThatCarryRequestsAgainAreNotOffered(String protocol) {
        Connection connection = new Connection().user(UPGRADE.replace("websocket", protocol) + GET);

        assertThat(connection.relayed()).isEqualTo(UPGRADE_RELAYED.replace("Upgrade: websocket\r\n", "") + GET_RELAYED);
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
    void whileAnEarlierResponseEndsWithTheConnectionNothingIsDecided() {
        Connection connection = new Connection().user(GET + UPGRADE + GET);

        connection.target("HTTP/1.0 200 OK\r\n\r\n" + SWITCHING).resume();

        assertThat(connection.last()).isEqualTo(Result.AWAIT_RESPONSE);
        assertThat(connection.relayed()).isEqualTo(GET_RELAYED + UPGRADE_RELAYED);
    }
}
