package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRewriteTest {
    private static final String TARGET = "127.0.0.1:17211";

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:6688", "example.com", "[::1]"})
    void isAlwaysReplacedIfSaidSo(String sent) {
        assertThat(hostFor(HostHeader.of("rewrite"), sent)).isEqualTo(TARGET);
        assertThat(hostFor(HostHeader.of("www.example:81"), sent)).isEqualTo("www.example:81");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:6688", "example.com"})
    void isNeverTouchedIfSaidSo(String sent) {
        assertThat(hostFor(HostHeader.of("preserve"), sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80::1%1, fe80::1",
        "::, ::",
        "1::, 1::",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:a:b:c:d:0:0, 2001:db8:a:b:c:d::",
    })
    void theUserIsNamedInTheCanonicalFormOfItsAddress(String user, String expected) {
        HttpRequestRewriter rewriter = new HttpRequestRewriter(
                Connection.settings(HostHeader.Policy.PRESERVE),
                new HttpOrigin(
                        new InetSocketAddress(Connection.address("127.0.0.1"), 6688), Connection.address(user), false),
                RouteMatch.ALL);

        assertThat(relayed(rewriter, "a")).contains("\r\nX-Forwarded-For: " + expected + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, PRESERVE", "Rewrite, REWRITE", "preserve, PRESERVE"})
    void theConfigurationsWordsAreReadInAnyCase(String text, HostHeader.Policy expected) {
        assertThat(HostHeader.of(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "http://a", "a/b", "a:b", "a:70000", "[::1", "a,b", ":80", "a\r\nX: y", "\u00e4"})
    void aLiteralThatNoHostHeaderCanHoldIsAnError(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostHeader.of(text))
                .withMessageContaining("host");
    }

    @Test
    void aLimitThatNoRequestFitsInIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpRewriteSettings(
                        HostHeader.Policy.PRESERVE, TARGET, ForwardedHeaders.ADD, List.of(), 255))
                .withMessageContaining("max-request-head");
    }

    /** A field sent to {@code gate:6688}, and the field that the target gets when Host is rewritten to the target's. */
    @ParameterizedTest
    @CsvSource({
        "Origin: http://gate:6688, Origin: http://127.0.0.1:17211",
        "origin:https://GATE:6688, origin:https://127.0.0.1:17211",
        "Referer: http://gate:6688/a?b=http://gate:6688/, Referer: http://127.0.0.1:17211/a?b=http://gate:6688/",
        "Referer: http://gate:6688, Referer: http://127.0.0.1:17211",
        "Origin: http://other:6688, Origin: http://other:6688",
        "Origin: http://gate:6689, Origin: http://gate:6689",
        "Origin: http://gate, Origin: http://gate",
        "Origin: http://gate:6688.evil.example, Origin: http://gate:6688.evil.example",
        "Origin: http://user@gate:6688, Origin: http://user@gate:6688",
        "Origin: null, Origin: null",
        "Origin: ftp://gate:6688, Origin: ftp://gate:6688",
        "Referer: /a, Referer: /a",
        "Origins: http://gate:6688, Origins: http://gate:6688",
    })
    void whatNamedTheSameHostIsReplacedWithItWhicheverComesFirst(String sent, String expected) {
        for (String fields : new String[] {sent + "\r\nHost: gate:6688\r\n", "Host: gate:6688\r\n" + sent + "\r\n"}) {
            assertThat(relayed(HostHeader.Policy.REWRITE, fields)).contains("\r\n" + expected + "\r\n");
            assertThat(relayed(HostHeader.Policy.PRESERVE, fields)).contains("\r\n" + sent + "\r\n");
        }
    }

    @Test
    void aHostWithoutAPortIsThatOfTheSchemeOfTheOrigin() {
        assertThat(relayed(HostHeader.Policy.REWRITE, "Host: gate\r\nOrigin: https://gate\r\n"))
                .contains("Origin: https://127.0.0.1:17211\r\n");
        assertThat(relayed(HostHeader.Policy.REWRITE, "Host: gate\r\nOrigin: https://gate:443\r\n"))
                .contains("Origin: https://127.0.0.1:17211\r\n");
        assertThat(relayed(HostHeader.Policy.REWRITE, "Host: gate\r\nOrigin: https://gate:80\r\n"))
                .contains("Origin: https://gate:80\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rewrite", "www.example:81"})
    void aRequestWithoutAHostGetsTheOneThatReplacesIt(String policy) {
        String host = policy.equals("rewrite") ? TARGET : policy;
        Connection connection = connection(HostHeader.of(policy)).user("GET / HTTP/1.0\r\nA: b\r\n\r\n");

        assertThat(connection.relayed()).startsWith("GET / HTTP/1.0\r\nA: b\r\nHost: " + host + "\r\nX-Forw");
        assertThat(connection(HostHeader.Policy.PRESERVE)
                        .user("GET / HTTP/1.0\r\n\r\n")
                        .relayed())
                .doesNotContain("\r\nHost:");
    }

    @Test
    void aHostWithAnEmptyPortPasses() {
        Connection connection =
                connection(HostHeader.Policy.PRESERVE).user("GET http://gate/ HTTP/1.1\r\nHost: gate:\r\n\r\n");

        assertThat(connection.relayed())
                .startsWith("GET http://gate/ HTTP/1.1\r\nHost: gate:\r\n")
                .contains("X-Forwarded-Host: gate:\r\nX-Forwarded-Port: 80\r\n");
    }

    /** The Location that the target sends, and the one that the user gets. */
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:17211/home?a#b, /home?a#b",
        "https://127.0.0.1:17211/home, /home",
        "HTTP://127.0.0.1:17211, /",
        "http://127.0.0.1:17211?a, /?a",
        "http://127.0.0.1:17211//evil.example/, /.//evil.example/",
        "http://127.0.0.1:17211/\\evil.example/, /./\\evil.example/",
        "http://127.0.0.1:17212/, http://127.0.0.1:17212/",
        "http://127.0.0.1/, http://127.0.0.1/",
        "http://127.0.0.1:17211.evil.example/, http://127.0.0.1:17211.evil.example/",
        "http://a@127.0.0.1:17211/, http://a@127.0.0.1:17211/",
        "http://localhost:17211/, http://localhost:17211/",
        "//127.0.0.1:17211/, //127.0.0.1:17211/",
        "ftp://127.0.0.1:17211/, ftp://127.0.0.1:17211/",
        "/home, /home",
        "http://127.0.0.1:17211/\t/evil.example, http://127.0.0.1:17211/\t/evil.example",
        "http://evil.example/?http://127.0.0.1:17211/, http://evil.example/?http://127.0.0.1:17211/",
    })
    void aLocationThatNamesExactlyTheTargetBecomesRelative(String sent, String expected) {
        String answer = String.join(
                "\r\n",
                "HTTP/1.1 302 Found",
                "X-Location: http://127.0.0.1:17211/",
                "location:\t %s ",
                "Content-Length: 26",
                "Server: \u00e4",
                "",
                "Location: http://127.0.0.1",
                "HTTP/1.1 200 OK",
                "Content-Length: 0",
                "",
                "");
        for (int size : new int[] {1, 2, 7, 30, 1000}) {
            Connection rewriting = new Connection(size, size).user(Connection.GET + Connection.GET);
            rewriting.target(answer.formatted(sent));
            assertThat(rewriting.delivered()).as("cut by %d", size).isEqualTo(answer.formatted(expected));
            assertThat(rewriting.rewriter.refusalDue()).as("all answers").isTrue();
        }
        Connection preserving = connection(HostHeader.Policy.PRESERVE).user(Connection.GET + Connection.GET);
        assertThat(preserving.target(answer.formatted(sent)).delivered()).isEqualTo(answer.formatted(sent));
    }

    @Test
    void theHostThatIsMadeRelativeIsTheOneThatRequestsName() {
        String answer = "HTTP/1.1 301 M\r\nLocation: http://www.example/a\r\nContent-Length: 0\r\n\r\n";
        Connection literal = connection(HostHeader.of("www.example:80")).user(Connection.GET);

        assertThat(literal.target(answer).delivered()).contains("\r\nLocation: /a\r\n");
    }

    private static Connection connection(HostHeader header) {
        return new Connection(Connection.settings(header), Connection.address("127.0.0.1"), 1 << 16, 1 << 16);
    }

    private static String relayed(HostHeader header, String fields) {
        return connection(header).user("GET / HTTP/1.1\r\n" + fields + "\r\n").relayed();
    }

    private static String hostFor(HostHeader header, String sent) {
        String relayed = relayed(header, "Host: " + sent + "\r\n");
        assertThat(relayed).contains("\r\nX-Forwarded-Host: " + sent + "\r\n");
        int from = relayed.indexOf("\r\nHost: ") + 8;
        return relayed.substring(from, relayed.indexOf("\r\n", from));
    }

    private static String relayed(HttpRequestRewriter rewriter, String host) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        rewriter.rewrite(
                ByteBuffer.wrap(("GET / HTTP/1.1\r\nHost: " + host + "\r\nA: b\r\n\r\n").getBytes(ISO_8859_1)), out);
        return new String(out.array(), 0, out.position(), ISO_8859_1);
    }
}
