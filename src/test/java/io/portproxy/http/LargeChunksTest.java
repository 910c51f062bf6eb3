package io.portproxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a chunked upload that is larger than any buffer and than the limit for the framing of its chunks. */
class LargeChunksTest {
    private static final String ADDED = """
            X-Forwarded-For: 192.0.2.7
            X-Forwarded-Host: other.example
            X-Forwarded-Port: 80
            X-Forwarded-Proto: http
            """.replace("\n", "\r\n");
    private static final String HEAD =
            "PUT /up HTTP/1.1\r\nHost: other.example\r\nTransfer-Encoding: chunked\r\n%s\r\n";

    @ParameterizedTest
    @ValueSource(ints = {1000, 4095, 4097, 16_384, 65_521, 1 << 20})
    void passChunksLongerThanTheBoundForTheirFrames(int inSize) {
        String chunk = "f".repeat(65_500);
        String body = (Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n").repeat(10) + "0\r\n\r\n";
        Connection connection = new Connection(inSize, 65_536);

        connection.user((HEAD.formatted("") + body).getBytes(ISO_8859_1));

        assertThat(connection.rewriter.refusalReason()).isEmpty();
        assertThat(connection.relayed())
                .isEqualTo(HEAD.replace("Host: other.example", "Host: 127.0.0.1:17211")
                                .formatted(ADDED)
                        + body);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1 << 20})
    void refuseAnExtensionLongerThanTheBoundBehindALongChunk(int inSize) {
        String chunk = "f".repeat(10_000);
        Connection connection = new Connection(inSize, 65_536);

        connection.user(
                (HEAD.formatted("") + "2710\r\n" + chunk + "\r\n1;x=" + "y".repeat(5_000) + "\r\na\r\n0\r\n\r\n")
                        .getBytes(ISO_8859_1));

        assertThat(connection.rewriter.refusalReason()).startsWith("400");
    }
}
