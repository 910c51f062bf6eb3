package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRewriteTest {
    private static final String TARGET = "127.0.0.1:17211";

    /** Local address, port, host in the configuration, Host that the user sends. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 6688, 127.0.0.1, 127.0.0.1:6688",
        "127.0.0.1, 6688, '', localhost:6688",
        "127.0.0.1, 6688, '', LocalHost:6688",
        "127.0.0.1, 6688, '', [::ffff:127.0.0.1]:6688",
        "127.0.0.1, 80, '', 127.0.0.1",
        "127.0.0.1, 80, '', localhost",
        "127.0.0.1, 80, '', 127.0.0.1:80",
        "127.0.0.1, 6688, '', 127.0.0.1:06688",
        "192.0.2.1, 6688, 0.0.0.0, 192.0.2.1:6688",
        "192.0.2.1, 6688, 0.0.0.0, 0.0.0.0:6688",
        "192.0.2.1, 6688, gate.example, GATE.example:6688",
        "::1, 6688, ::1, [::1]:6688",
        "::1, 6688, '', [0:0:0:0:0:0:0:1]:6688",
        "::1, 6688, '', [0::0.0.0.1]:6688",
        "::1, 6688, '', localhost:6688",
        "2001:db8::ab, 80, [2001:db8::ab], [2001:DB8:0:0::AB]",
        "2001:db8::ab, 80, 2001:DB8::AB, [2001:db8::ab]:80",
        "fe80::1%1, 6688, '', [fe80::1]:6688",
    })
    void becomesTheTargetIfItNamesTheExposedAddress(String local, int port, String configured, String sent) {
        assertThat(hostFor(HostHeader.Policy.DEFAULT, local, port, configured, sent))
                .isEqualTo(TARGET);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 6688, 127.0.0.1, 127.0.0.1",
        "127.0.0.1, 6688, 127.0.0.1, 127.0.0.1:6689",
        "127.0.0.1, 6688, 127.0.0.1, 127.0.0.2:6688",
        "127.0.0.1, 6688, '', 127.0.0.1.example:6688",
        "127.0.0.1, 6688, '', 127.0.0:6688",
        "127.0.0.1, 6688, '', 127.0.0.1.1:6688",
        "127.0.0.1, 6688, '', 127.0.0.257:6688",
        "127.0.0.1, 6688, '', example.com:6688",
        "127.0.0.1, 6688, '', [::1]:6688",
        "192.0.2.1, 6688, '', localhost:6688",
        "192.0.2.1, 6688, gate.example, gate.example",
        "192.0.2.1, 6688, gate.example, agate.example:6688",
        "192.0.2.1, 6688, gate.example, gate.example.:6688",
        "::1, 6688, ::1, [::2]:6688",
    })
    void staysIfItNamesAnother(String local, int port, String configured, String sent) {
        assertThat(hostFor(HostHeader.Policy.DEFAULT, local, port, configured, sent))
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:6688", "example.com", "[::1]"})
    void isAlwaysReplacedIfSaidSo(String sent) {
        assertThat(hostFor(HostHeader.of("rewrite"), "127.0.0.1", 6688, "", sent))
                .isEqualTo(TARGET);
        assertThat(hostFor(HostHeader.of("www.example:81"), "127.0.0.1", 6688, "", sent))
                .isEqualTo("www.example:81");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:6688", "example.com"})
    void isNeverTouchedIfSaidSo(String sent) {
        assertThat(hostFor(HostHeader.of("preserve"), "127.0.0.1", 6688, "", sent))
                .isEqualTo(sent);
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
                Connection.settings(HostHeader.Policy.DEFAULT),
                new InetSocketAddress(Connection.address("127.0.0.1"), 6688),
                Connection.address(user));

        assertThat(relayed(rewriter, "a")).contains("\r\nX-Forwarded-For: " + expected + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, DEFAULT", "'', DEFAULT", "Rewrite, REWRITE", "preserve, PRESERVE"})
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
                .isThrownBy(() -> new HttpRewriteSettings(HostHeader.Policy.DEFAULT, "", TARGET, 255))
                .withMessageContaining("max-request-head");
    }

    private static String hostFor(HostHeader header, String local, int port, String configured, String sent) {
        HttpRequestRewriter rewriter = new HttpRequestRewriter(
                new HttpRewriteSettings(header, configured, TARGET, 4096),
                new InetSocketAddress(Connection.address(local), port),
                Connection.address("192.0.2.7"));
        String relayed = relayed(rewriter, sent);
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
