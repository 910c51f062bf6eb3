package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LateOptionsTest {
    private final AtomicLong nanos = new AtomicLong();
    private EventLoop loop;
    private ServerSocketChannel listener;
    private SocketChannel channel;
    private LateOptions options;

    @BeforeEach
    void connect() throws Exception {
        loop = new EventLoop(
                "late options",
                nanos::get,
                new MemoryBudget(1 << 20),
                0); // never started: the test's thread acts as the loop's thread
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel = SocketChannel.open(listener.getLocalAddress());
        options = new LateOptions(loop, channel);
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
        listener.close();
        loop.stop();
    }

    @Test
    void aFirstSmallWriteNeedsNone() throws Exception {
        options.writing(100);

        assertThat(isPrompt()).isFalse();
        assertThat(isKeptAlive()).isFalse();
    }

    @Test
    void nothingWaitsBehindAFirstWrite() throws Exception {
        options.writing(100);
        options.writing(1);

        assertThat(isPrompt()).isTrue();
    }

    @Test
    void noPartOfALargeFirstWriteWaits() throws Exception {
        options.writing(537);

        assertThat(isPrompt()).isTrue();
    }

    @Test
    void aConnectionThatLastsIsLookedAfter() throws Exception {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        loop.timers().runDue();

        assertThat(isKeptAlive()).isTrue();
        options.writing(1);
        assertThat(isPrompt()).isTrue();
    }

    @Test
    void oneThatHasEndedIsForgotten() {
        options.stop();

        assertThat(loop.timers().millisToNext()).isZero();
    }

    @Test
    void oneThatIsBrokenByThenHarmsNothing() throws Exception {
        channel.close();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        loop.timers().runDue();

        assertThat(loop.timers().millisToNext()).isZero();
    }

    private boolean isPrompt() throws Exception {
        return channel.getOption(StandardSocketOptions.TCP_NODELAY);
    }

    private boolean isKeptAlive() throws Exception {
        return channel.getOption(StandardSocketOptions.SO_KEEPALIVE);
    }
}
