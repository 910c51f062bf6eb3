package io.portproxy.server.exposed.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.EventLoop;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.ReadyHandler;
import io.portproxy.server.exposed.Access;
import io.portproxy.server.exposed.ExposedPort;
import io.portproxy.server.exposed.PortAddress;
import io.portproxy.server.exposed.PortSettings;
import io.portproxy.server.exposed.Route;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.TestSettings;
import io.portproxy.tunnel.stream.StreamInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the bytes that are read from a user's connection before it becomes a stream. */
class PrefaceTest {
    private static final InetSocketAddress REAL = new InetSocketAddress("192.0.2.7", 4711);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventLoopGroup loops = new EventLoopGroup("preface-", 2, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();
    private final EventLoop another = loops.next();

    @BeforeEach
    void start() {
        loops.start();
    }

    @AfterEach
    void stop() {
        loops.close();
        assertThat(loops.buffersInUse()).isZero();
    }

    /** A preface of one line. The user's address is {@link PrefaceTest#REAL} after it. */
    private record FirstLine(IncomingConnection user, Consumer<IncomingConnection> next) implements ReadyHandler {
        static void read(IncomingConnection user, Consumer<IncomingConnection> next) {
            try {
                user.loop().register(user.transport().socket(), SelectionKey.OP_READ, new FirstLine(user, next));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ready(int readyOps) {
            ByteBuffer in = ByteBuffer.allocate(100);
            try {
                user.transport().read(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            in.flip();
            while (in.get() != '\n') {
                assertThat(in.hasRemaining()).isTrue();
            }
            next.accept(user.after(in.slice(), REAL));
        }

        @Override
        public void abort() {
            user.reset();
        }
    }

    /** Reads a stream's input up to an exclamation mark. The input begins with bytes that the preface has already read. */
    private record Relayed(IncomingConnection user, StreamInput input, ByteBuffer out, CompletableFuture<String> text)
            implements ReadyHandler {
        void register(EventLoop where) {
            try {
                where.register(user.transport().socket(), SelectionKey.OP_READ, this);
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        }

        @Override
        public void ready(int readyOps) {
            try {
                while (input.read(user.transport(), out) > 0) {
                    if (out.get(out.position() - 1) == '!') {
                        text.complete(StandardCharsets.US_ASCII
                                .decode(out.duplicate().flip())
                                .toString());
                    }
                }
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        }

        @Override
        public void abort() {
            user.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhoTheUserIsAndLosesNothing(boolean sameLoop) throws Exception {
        CompletableFuture<Relayed> known = new CompletableFuture<>();
        ExposedPort port = ExposedPort.bind(PortAddress.of(TestSettings.anyPort()), loop, FirstLine::read);
        PortSettings settings = new PortSettings(TestSettings.anyPort(), Optional.empty(), 7, Optional.empty());
        port.lead(new Route(port.bound(), "r", settings.route(), loop, Access.ALL, List.of()), (user, route) -> {
            StreamInput input = route.input(user);
            assertThat(input.hasHeld()).isTrue();
            Relayed relayed = new Relayed(user, input, ByteBuffer.allocate(100), new CompletableFuture<>());
            if (sameLoop) {
                relayed.register(loop);
            } else {
                user.movedTo(another);
                another.execute(() -> relayed.register(another));
            }
            known.complete(relayed);
        });
        port.start();

        try (PlainSocket user =
                PlainSocket.connect((InetSocketAddress) port.address().first())) {
            user.send("from elsewhere\nhello, ".getBytes(StandardCharsets.US_ASCII));
            assertThat(known).succeedsWithin(PATIENCE);
            user.send("world!".getBytes(StandardCharsets.US_ASCII));
            assertThat(known.get().user().addressText()).isEqualTo("192.0.2.7:4711");
            assertThat(known.get().text()).succeedsWithin(PATIENCE).isEqualTo("hello, world!");
            assertThat(known.get().input().hasHeld()).isFalse();
        }
        port.close();
    }

    @Test
    void whatItHasReadComesInPiecesWhereThereIsLittleRoom() throws Exception {
        ReadableByteChannel socket = Channels.newChannel(new ByteArrayInputStream(new byte[] {'d', 'e'}));
        StreamInput input =
                new ResumedInput(ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII)), StreamInput.PLAIN);
        ByteBuffer out = ByteBuffer.allocate(5).limit(2);
        assertThat(input.read(socket, out)).isEqualTo(2);
        assertThat(input.hasHeld()).isTrue();
        out.limit(5);
        assertThat(input.read(socket, out)).isEqualTo(1);
        assertThat(input.hasHeld()).isFalse();
        assertThat(input.read(socket, out)).isEqualTo(2);
        assertThat(out.array()).asString(StandardCharsets.US_ASCII).isEqualTo("abcde");
    }
}
