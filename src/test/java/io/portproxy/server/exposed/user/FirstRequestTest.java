package io.portproxy.server.exposed.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.http.FirstHead;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.Listener;
import io.portproxy.net.MemoryBudget;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the connection is reset when the receiver of a first request fails unexpectedly. */
class FirstRequestTest {
    private final EventLoopGroup loops = new EventLoopGroup("first-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    @BeforeEach
    void start() {
        loops.start();
    }

    @AfterEach
    void stop() {
        loops.close();
        assertThat(loops.buffersInUse()).isZero();
    }

    private final class Failing implements FirstRequest.Owner {
        @Override
        public void complete(IncomingConnection user, FirstHead head) {
            fail();
        }

        @Override
        public void refused(IncomingConnection user, FirstHead head, UserAnswer answer) {
            fail();
        }

        private void fail() {
            failures.incrementAndGet();
            throw new IllegalStateException("for the test");
        }

        @Override
        public void ended() {
            ends.incrementAndGet();
        }
    }

    private void accepted(SocketChannel channel) {
        try {
            FirstRequest.read(IncomingConnection.accepted(loop, channel), 8192, Duration.ofSeconds(20), new Failing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET\r\n\r\n"})
    void theConnectionIsNotLeftOpen(String request) throws Exception {
        Listener listener = Listener.bind(TestSettings.anyPort(), loop, this::accepted);
        listener.start();
        try (PlainSocket user = PlainSocket.connect(listener.address())) {
            user.send(request.getBytes(ISO_8859_1));
            assertThat(user.awaitEnd()).isEqualTo(End.RESET);
            await().untilAsserted(() -> assertThat(failures).hasValue(1));
            await().untilAsserted(() -> assertThat(ends).hasValue(request.startsWith("GET /") ? 0 : 1));
        } finally {
            listener.close();
        }
    }
}
