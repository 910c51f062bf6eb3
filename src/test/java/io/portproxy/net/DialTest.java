package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.testing.BlackHole;
import io.portproxy.testing.RawTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the race between the addresses of a name. */
class DialTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final EventLoopGroup loops = new EventLoopGroup("dial-", 1, new MemoryBudget(1 << 30));
    private final EventLoop loop = loops.next();

    /** The result of a dial: the address that won, if any, and the failures. */
    private record End(Optional<InetSocketAddress> winner, List<Dial.Failure> failures) {}

    @BeforeEach
    void start() {
        loops.start();
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private End dial(Duration timeout, Optional<SocketChannel> first, InetSocketAddress... addresses) throws Exception {
        CompletableFuture<End> end = new CompletableFuture<>();
        loop.execute(() -> new Dial(loop, new Dial.Outcome() {
                    @Override
                    public void connected(InetSocketAddress address, SelectionKey key, List<Dial.Failure> before) {
                        Sockets.close(key.channel());
                        end.complete(new End(Optional.of(address), before));
                    }

                    @Override
                    public void failed(List<Dial.Failure> failures) {
                        end.complete(new End(Optional.empty(), failures));
                    }

                    @Override
                    public void aborted() {
                        end.completeExceptionally(new IllegalStateException("aborted"));
                    }
                })
                .start(List.of(addresses), timeout, first));
        return end.get(30, TimeUnit.SECONDS);
    }

    private static InetSocketAddress refusing() throws IOException {
        return new InetSocketAddress("127.0.0.3", RawTarget.refusingPort());
    }

    @Test
    void aBlackHoleHoldsTheNextAddressUpForAMomentOnly() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.2", 0);
                BlackHole another = new BlackHole("127.0.0.4", 0);
                ServerSocket good = new ServerSocket(0)) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), good.getLocalPort());
            assertThat(dial(LONG, Optional.empty(), hole.address(), another.address(), address))
                    .isEqualTo(new End(Optional.of(address), List.of()));
            good.accept().close();
        }
    }

    @Test
    void whoRefusesHoldsTheNextAddressUpInNothing() throws Exception {
        InetSocketAddress refusing = refusing();
        try (ServerSocket good = new ServerSocket(0)) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), good.getLocalPort());
            End end = dial(LONG, Optional.empty(), refusing, address);
            assertThat(end.winner()).contains(address);
            assertThat(end.failures()).extracting(Dial.Failure::address).containsExactly(refusing);
        }
    }

    @Test
    void whereNoneTakesItEachSaysWhyInTheirOrder() throws Exception {
        try (BlackHole hole = new BlackHole("127.0.0.2", 0)) {
            InetSocketAddress refusing = refusing();
            End end = dial(Duration.ofMillis(100), Optional.empty(), hole.address(), refusing);
            assertThat(end.winner()).isEmpty();
            assertThat(end.failures()).extracting(Dial.Failure::address).containsExactly(hole.address(), refusing);
            assertThat(end.failures().get(0).cause()).isInstanceOf(SocketTimeoutException.class);
            assertThat(end.failures().get(1).cause()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aConnectionWithItselfIsRefusedAndItsPortIsFreeAgain() throws Exception {
        SocketChannel channel = SocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress itself = (InetSocketAddress) channel.getLocalAddress();
        End end = dial(LONG, Optional.of(channel), itself);
        assertThat(end.winner()).isEmpty();
        assertThat(end.failures().get(0).cause())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("nobody listens at " + Sockets.text(itself));
        CompletableFuture<Void> turns = new CompletableFuture<>();
        loop.execute(() -> loop.execute(() -> turns.complete(null))); // by then, the selector has released the channel
        turns.get(30, TimeUnit.SECONDS);
        try (ServerSocket target = new ServerSocket(itself.getPort(), 1, itself.getAddress())) {
            assertThat(target.isBound()).as("the target can start").isTrue();
        }
    }

    @Test
    void moreAddressesThanAreTriedAreLeftOut() throws Exception {
        InetSocketAddress refusing = refusing();
        InetSocketAddress[] many = new InetSocketAddress[Dial.MAX_TRIED + 5];
        java.util.Arrays.fill(many, refusing);
        assertThat(dial(LONG, Optional.empty(), many).failures()).hasSize(Dial.MAX_TRIED);
    }
}
