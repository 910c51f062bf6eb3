package io.portproxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portproxy.net.AddressRange;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the fields that tell a target where a request came from. The user of a {@link Connection} is 192.0.2.7. */
class ForwardedHeadersTest {
    private static final String HOST = "Host: www.example\r\n";
    private static final Pattern FIELD = Pattern.compile("X-Forwarded-\\w+");

    @ParameterizedTest
    @CsvSource({
        "'Host: localhost:6688', 6688",
        "'Host: www.example', 80",
        "'Host: [::1]:81', 81",
        "'Host: [::1]', 80",
        "'Host: www.example:', 80",
    })
    void thePortIsTheOneThatTheUserNamed(String host, int port) {
        assertThat(relayed(false, host + "\r\n")).contains("\r\nX-Forwarded-Port: " + port + "\r\n");
    }

    @Test
    void aProxyThatIsNotTrustedIsAUserLikeAnyOther() {
        String theirs = "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nForwarded: for=6.6.6.6\r\n";

        assertThat(relayed(false, theirs + HOST))
                .isEqualTo(relayed(false, HOST))
                .doesNotContain("6.6.6.6", "https");
    }

    @Test
    void whatATrustedProxySaysIsKeptAndAddedTo() {
        String relayed = relayed(
                true,
                "X-Forwarded-For: 203.0.113.9, 10.1.1.1\r\nx-forwarded-proto: https\r\nX-Forwarded-Host: pub.example\r\n"
                        + "X-Forwarded-Port: 8443\r\nX-Forwarded-Prefix: /app\r\nForwarded: for=203.0.113.9;proto=https\r\n"
                        + HOST);

        assertThat(relayed)
                .isEqualTo("GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9, 10.1.1.1, 192.0.2.7\r\n"
                        + "x-forwarded-proto: https\r\nX-Forwarded-Host: pub.example\r\nX-Forwarded-Port: 8443\r\n"
                        + "X-Forwarded-Prefix: /app\r\nForwarded: for=203.0.113.9;proto=https, for=192.0.2.7\r\n"
                        + HOST + "\r\n");
    }

    @Test
    void ofSeveralLinesTheLastIsAddedTo() {
        assertThat(relayed(true, "X-Forwarded-For: 1.1.1.1\r\n" + HOST + "X-Forwarded-For:2.2.2.2 \r\nA: b\r\n"))
                .startsWith("GET / HTTP/1.1\r\nX-Forwarded-For: 1.1.1.1\r\n" + HOST
                        + "X-Forwarded-For:2.2.2.2, 192.0.2.7 \r\nA: b\r\n");
        assertThat(relayed(true, "X-Forwarded-For:\r\n" + HOST)).contains("X-Forwarded-For:192.0.2.7\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'X-Forwarded-Proto: https', 443",
        "'X-Forwarded-Proto: https, http', 443",
        "'X-Forwarded-Proto: http', 80",
        "'X-Forwarded-Host: pub.example:8443', 8443",
        "'X-Forwarded-Host: pub.example:8443, other', 8443",
        "'X-Forwarded-Host: what is this', 80",
    })
    void whatATrustedProxyLeavesOutIsAdded(String theirs, int port) {
        assertThat(relayed(true, theirs + "\r\n" + HOST))
                .contains("\r\nX-Forwarded-For: 192.0.2.7\r\n", "\r\nX-Forwarded-Port: " + port + "\r\n")
                .containsOnlyOnce("X-Forwarded-Proto")
                .containsOnlyOnce("X-Forwarded-Host");
    }

    /** In a loop, each pass takes the fields of the last pass for those of a stranger or of a trusted proxy. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void aRequestThatComesRoundAgainAndAgainIsEnded(boolean trusted, boolean lower) {
        String request = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
        for (int pass = 1; pass <= 11; pass++) {
            Connection connection = connection(trusted).user(request);
            assertThat(connection.rewriter.refusalStatus()).as("pass %d", pass).isZero();
            request = connection.relayed();
            assertThat(request.contains("X-Forwarded-Passes: "))
                    .as("pass %d", pass)
                    .isEqualTo(pass > 1);
            request = lower
                    ? FIELD.matcher(request).replaceAll(name -> name.group().toLowerCase(Locale.ROOT))
                    : request;
        }

        assertThat(connection(trusted).user(request).rewriter.refusalReason()).startsWith("508 ");
    }

    @Test
    void otherSpellingsAreDroppedWhoeverSendsThem() {
        assertThat(relayed(true, "X_Forwarded_For: 6.6.6.6\r\nX.Forwarded-Proto: https\r\n" + HOST))
                .isEqualTo(relayed(true, HOST));
    }

    @Test
    void theOriginIsReplacedThatNamesTheHostWhichATrustedProxySaw() {
        HttpRewriteSettings settings = new HttpRewriteSettings(
                HostHeader.Policy.REWRITE,
                "127.0.0.1:17211",
                ForwardedHeaders.ADD,
                List.of(AddressRange.parse("192.0.2.0/24")),
                4096);

        assertThat(relayed(settings, "X-Forwarded-Host: pub.example\r\nOrigin: https://pub.example\r\n" + HOST))
                .contains("\r\nOrigin: https://127.0.0.1:17211\r\n");
    }

    @Test
    void withoutForwardedHeadersNobodysPassAndNoneIsAdded() {
        HttpRewriteSettings settings = new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:17211", ForwardedHeaders.NONE, List.of(), 4096);

        assertThat(relayed(
                        settings, "X-Forwarded-For: 6.6.6.6\r\n" + HOST + "Forwarded: for=a\r\nX-Real-IP: 6.6.6.6\r\n"))
                .isEqualTo("GET / HTTP/1.1\r\n" + HOST + "X-Real-IP: 6.6.6.6\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1, ::1, false",
        "10.0.0.0/8, 10.255.1.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "fd00::/8, fd12::1, true",
        "fd00::/8, fe80::1, false",
        "[::1]/128, ::1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::ffff:10.0.0.1, 10.0.0.1, true",
    })
    void aRangeHasTheAddressesWithItsPrefix(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(Connection.address(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/x",
                "10.0.0.0/-1",
                "::/129",
                "10.0.0",
                "10.0.0.0/8/8",
                "fe80::1%eth0",
                "1.2.3.4:80",
                "[::1"
            })
    void whatIsNoRangeIsAnError(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    private static String relayed(boolean trusted, String fields) {
        return relayed(settings(trusted), fields);
    }

    private static HttpRewriteSettings settings(boolean trusted) {
        List<AddressRange> proxies = List.of(AddressRange.parse(trusted ? "192.0.2.0/24" : "192.0.3.0/24"));
        return new HttpRewriteSettings(
                HostHeader.Policy.PRESERVE, "127.0.0.1:17211", ForwardedHeaders.ADD, proxies, 4096);
    }

    private static Connection connection(boolean trusted) {
        return new Connection(settings(trusted), Connection.address("127.0.0.1"), 1 << 16, 1 << 16);
    }

    private static String relayed(HttpRewriteSettings settings, String fields) {
        return new Connection(settings, Connection.address("127.0.0.1"), 1 << 16, 1 << 16)
                .user("GET / HTTP/1.1\r\n" + fields + "\r\n")
                .relayed();
    }
}
