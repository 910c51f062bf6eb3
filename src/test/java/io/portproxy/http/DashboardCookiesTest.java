package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that cookies of dashboards on the same host, and no others, are removed from requests. */
class DashboardCookiesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cookie: a=1; b=2 | Cookie: a=1; b=2",
                "Cookie: a=1; portproxy-9016=F0; b=2 | Cookie: a=1; b=2",
                "Cookie: portproxy-9016=F0; b=2 | Cookie: b=2",
                "Cookie: portproxy-9016=F0; portproxy-9017=F1; b=2 | Cookie: b=2",
                "Cookie: a=1; portproxy-9016=F0 | Cookie: a=1",
                "Cookie: a=1; portproxy-9016=F0; portproxy-9017=F1 | Cookie: a=1",
                "Cookie: portproxy-9016=F0; a=1; portproxy-9017=F1 | Cookie: a=1",
                "Cookie:a=1;portproxy-9016=F0;b=2 | Cookie:a=1;b=2",
                "Cookie: a=1; portproxy-9016 =F0 | Cookie: a=1",
                "Cookie: portproxy-9016=F0 | ''",
                "Cookie:portproxy-1=;portproxy-2= | ''",
                "Cookie: portproxy-=F0; portproxy-x=1; portproxy-1x=2; portproxy=3; xportproxy-1=4 | Cookie: portproxy-=F0; portproxy-x=1; portproxy-1x=2; portproxy=3; xportproxy-1=4",
                "Cookie: a=portproxy-9016=F0; portproxy-9016 | Cookie: a=portproxy-9016=F0; portproxy-9016",
                "Cookie: | Cookie:",
                "Cookie: XSRF-TOKEN=1; JSESSIONID=2 | Cookie: XSRF-TOKEN=1; JSESSIONID=2"
            })
    void leavesOutDashboardsCookiesAlone(String line, String left) {
        byte[] bytes = (line + "\r\n").getBytes(ISO_8859_1);
        StringBuilder result = new StringBuilder();
        List<Integer> at = new ArrayList<>(List.of(0));

        DashboardCookies.drop(bytes, 0, line.indexOf(':'), line.length(), (from, to) -> {
            assertThat(from).as("in order, none over another").isGreaterThanOrEqualTo(at.get(0));
            result.append(new String(bytes, at.get(0), from - at.get(0), ISO_8859_1));
            at.set(0, to);
        });
        result.append(new String(bytes, at.get(0), bytes.length - at.get(0), ISO_8859_1));

        assertThat(result.toString()).isEqualTo(left.isEmpty() ? "" : left + "\r\n");
    }

    @Test
    void targetsGetEverythingElse() {
        HttpRequestRewriter rewriter = new HttpRequestRewriter(
                Connection.settings(HostHeader.Policy.PRESERVE),
                new HttpOrigin(
                        new InetSocketAddress(Connection.address("127.0.0.1"), 6688),
                        Connection.address("192.0.2.7"),
                        false),
                RouteMatch.ALL);
        ByteBuffer out = ByteBuffer.allocate(4096);

        rewriter.rewrite(
                ByteBuffer.wrap(String.join(
                                "\r\n",
                                "GET / HTTP/1.1",
                                "Host: a",
                                "Cookie: a=1; portproxy-9016=F0; b=2",
                                "cookie: portproxy-9017=F1",
                                "X: y",
                                "",
                                "")
                        .getBytes(ISO_8859_1)),
                out);

        assertThat(new String(out.array(), 0, out.position(), ISO_8859_1))
                .startsWith("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nX: y\r\n")
                .doesNotContain("portproxy-")
                .endsWith("\r\n\r\n");
    }
}
