package io.portproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portproxy.net.Dial;
import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.protocol.Reason;
import io.portproxy.testing.PlainSocket.End;
import io.portproxy.testing.RawTarget;
import io.portproxy.tunnel.stream.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TargetDialTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7);

    private final EventLoopGroup loops = new EventLoopGroup("dial-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        loops.start();
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private final class Told implements Connector.Callback {
        @Override
        public void connected(SelectionKey key) {
            throw new InternalError("on purpose");
        }

        @Override
        public void failed(Reason reason, IOException cause) {
            told.add(reason.name());
        }

        @Override
        public void abort() {
            told.add("aborted");
        }
    }

    static Stream<Arguments> failures() {
        IOException none = new IOException("Too many open files");
        IOException refused = new ConnectException("Connection refused");
        IOException noRoute = new NoRouteToHostException("No route to host");
        IOException late = new SocketTimeoutException("late");
        return Stream.of(
                Arguments.of(Reason.LIMIT, List.of(none)),
                Arguments.of(Reason.LIMIT, List.of(refused, none)),
                Arguments.of(Reason.TARGET_REFUSED, List.of(refused, noRoute)),
                Arguments.of(Reason.TARGET_UNREACHABLE, List.of(noRoute, refused)),
                Arguments.of(Reason.DIAL_TIMEOUT, List.of(late)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatThisHostWasShortOfAheadOfWhatTheTargetDid(Reason reason, List<IOException> causes) throws Exception {
        TargetDial dial = new TargetDial(loop, SocketChannel.open(), (found, notFound) -> {}, Duration.ofSeconds(20));
        List<Dial.Failure> failures = new ArrayList<>();
        causes.forEach(cause -> failures.add(new Dial.Failure(ADDRESS, cause)));

        loop.execute(() -> {
            dial.start(new Told());
            dial.failed(failures);
        });

        await().untilAsserted(() -> assertThat(told).containsExactly(reason.name()));
    }

    @Test
    void resetsATargetThatWasReachedForNothing() throws Exception {
        try (RawTarget target = RawTarget.open()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port());
            TargetDial.LookUp known = (found, notFound) -> found.accept(Arrays.asList(address));
            TargetDial dial = new TargetDial(loop, SocketChannel.open(), known, Duration.ofSeconds(20));

            loop.execute(() -> dial.start(new Told()));

            assertThat(target.accept().awaitEnd()).isEqualTo(End.RESET);
            await().untilAsserted(() -> assertThat(told).containsExactly("aborted"));
        }
    }
}
