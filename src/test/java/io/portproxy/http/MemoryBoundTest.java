package io.portproxy.http;

import static io.portproxy.http.Connection.ADDED;
import static io.portproxy.http.Connection.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.http.HttpRequestRewriter.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBoundTest {
    private static final int MAX = 4096;

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1 << 16})
    void aHeadThatNeverEndsHoldsNoMoreThanTheLimitAndNothingOnceRefused(int size) {
        Connection connection = new Connection(size, size).user("GET / HTTP/1.1\r\nA: " + "b".repeat(3 * MAX));

        assertThat(connection.last()).isEqualTo(Result.REFUSED);
        assertThat(connection.mostHeld()).isLessThanOrEqualTo(MAX);
        assertThat(connection.rewriter.heldBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1 << 16})
    void aHeadOfTheLimitHoldsThatAndWhatIsAdded(int size) {
        String head = "GET / HTTP/1.1\r\nHost: 127.0.0.1:6688\r\nA: ";
        Connection connection =
                new Connection(size, 1).user(head + "b".repeat(MAX - head.length() - 4) + "\r\n\r\n" + GET);

        assertThat(connection.last()).isEqualTo(Result.NEED_INPUT);
        assertThat(connection.mostHeld()).isEqualTo(MAX + ADDED.length() + 1);
        assertThat(connection.rewriter.heldBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void nothingIsHeldInABody(String framing) {
        Connection connection =
                new Connection().user("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\nfffff\r\nabc");

        assertThat(connection.relayed()).endsWith("\r\n\r\nfffff\r\nabc");
        assertThat(connection.rewriter.heldBytes()).isZero();
    }
}
