package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CleanCloseTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofMinutes(10);

    @RegisterExtension
    final LoopExtension loops = new LoopExtension();

    private static final class Nobody implements ReadyHandler {
        @Override
        public void ready(int readyOps) {
            // The test waits for no event.
        }

        @Override
        public void abort() {
            throw new AssertionError("the connection is another's by now");
        }
    }

    private final BlockingQueue<Boolean> over = new LinkedBlockingQueue<>();

    /**
     * Returns a transport that behaves like TLS: it takes all that is written and holds it, and only the socket's count of sent bytes
     * shows progress.
     */
    private static Transport holding(SocketPair pair, BooleanSupplier progresses, BooleanSupplier hasLeft) {
        Transport plain = Transport.plain(pair.ours());
        AtomicLong sent = new AtomicLong();
        return (Transport) Proxy.newProxyInstance(
                CleanCloseTest.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "sent" -> progresses.getAsBoolean() ? sent.incrementAndGet() : sent.get();
                    case "flush", "finish" -> hasLeft.getAsBoolean();
                    default -> method.invoke(plain, arguments);
                });
    }

    private void start(SocketPair pair, Transport transport, Duration timeout) throws Exception {
        loops.call(() -> {
            SelectionKey key = loops.loop().register(pair.ours(), 0, new Nobody());
            CleanClose.start(loops.loop(), transport, key, ByteBuffer.wrap(new byte[] {1, 2, 3}), timeout, over::add);
            return key;
        });
    }

    private boolean late() throws InterruptedException {
        Boolean late = over.poll(20, TimeUnit.SECONDS);
        assertThat(late).as("told").isNotNull();
        return late;
    }

    @Test
    void whoTakesSomeAgainAndAgainHasTimeForAllOfIt() throws Exception {
        long begin = System.nanoTime();
        BooleanSupplier afterThreeTimes = () -> System.nanoTime() - begin > 3 * SHORT.toNanos();
        try (SocketPair pair = SocketPair.open()) {
            start(pair, holding(pair, () -> true, afterThreeTimes), SHORT);

            assertThat(pair.peer().getInputStream().readAllBytes()).containsExactly(1, 2, 3);
            pair.peer().close();
            assertThat(late()).isFalse();
        }
        assertThat(over).isEmpty();
    }

    @Test
    void whoTakesNothingIsReset() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair, holding(pair, () -> false, () -> false), SHORT);

            assertThat(late()).isTrue();
            assertThat(pair.ours().isOpen()).isFalse();
        }
    }

    @Test
    void whoTakesVeryLittleForEverIsReset() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair, holding(pair, () -> true, () -> false), SHORT);

            assertThat(late()).isTrue();
            await().until(() -> !pair.ours().isOpen());
        }
    }

    @Test
    void theEndIsToldOnceHoweverItComes() throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            start(pair, Transport.plain(pair.ours()), LONG);
            pair.peer().setSoLinger(true, 0);
            pair.peer().close();

            assertThat(late()).isFalse();
        }
        try (SocketPair pair = SocketPair.open()) {
            start(pair, holding(pair, () -> false, () -> false), LONG);
            loops.group().close();

            assertThat(late()).isFalse();
        }
        assertThat(over).isEmpty();
    }
}
