package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.tunnel.stream.DatagramDrop;
import io.portproxy.tunnel.stream.DatagramOutput.Share;
import org.junit.jupiter.api.Test;

class DatagramQueueTest {
    private static final int LIMIT = 64 * 1024;

    private final DatagramQueue queue = new DatagramQueue(LIMIT);
    private final Share one = new Share();
    private final Share other = new Share();
    private long end;

    private boolean add(Share share, int length) {
        if (queue.refusal(length, share) != null) {
            return false;
        }
        end += length;
        queue.add(length, share, end);
        return true;
    }

    private int addAll(Share share, int length) {
        int added = 0;
        while (add(share, length)) {
            added++;
        }
        return added;
    }

    @Test
    void oneStreamHasHalfOfItAndAllTogetherTheWhole() {
        assertThat(addAll(one, 1024)).isEqualTo(32);
        assertThat(queue.refusal(1024, one)).isEqualTo(DatagramDrop.SESSION_FULL);
        assertThat(addAll(other, 1024)).isEqualTo(32);
        assertThat(queue.refusal(1024, new Share())).isEqualTo(DatagramDrop.TUNNEL_FULL);
    }

    @Test
    void whatHasLeftMakesRoom() {
        addAll(one, 1024);
        queue.left(10 * 1024);
        assertThat(one.bytes()).isEqualTo(22 * 1024);
        assertThat(addAll(one, 1024)).isEqualTo(10);
        queue.left(end - 1);
        assertThat(one.bytes()).isEqualTo(1024);
        queue.left(end);
        assertThat(one.bytes()).isZero();
    }

    @Test
    void theLongestFitsWhereNothingWaits() {
        assertThat(add(one, 65_519)).isTrue();
        assertThat(add(one, 65_519)).isFalse();
    }

    @Test
    void emptyOnesAreLimitedToo() {
        int added = 0;
        for (int i = 0; i < 100; i++) {
            added += addAll(new Share(), 12);
        }
        assertThat(added).isEqualTo(LIMIT / 12 / 8);
        queue.left(end);
        assertThat(add(one, 12)).isTrue();
    }
}
