package io.portproxy.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.BufferPool;
import io.portproxy.net.MemoryBudget;
import io.portproxy.net.MemoryUse;
import io.portproxy.protocol.Wire;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int SIZE = 64 * 1024;

    private static final int SMALL = 16 * 1024;

    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final Outbox outbox = new Outbox(new BufferPool(SIZE, 2, budget), new BufferPool(SMALL, 2, budget));

    private void addData(int length) {
        assertThat(outbox.makeDataRoom()).isTrue();
        ByteBuffer room = outbox.dataRoom(Wire.MAX_DATA_SENT);
        room.position(room.position() + length);
        outbox.addData(1, length);
    }

    @Test
    void controlInstructionsMakeNoRoomForMoreData() {
        addData(SIZE - Wire.DATA_HEAD - 10);
        assertThat(outbox.hasDataRoom()).isFalse();
        outbox.controlRoom(20).position(20);
        outbox.added(20);
        assertThat(outbox.hasDataRoom())
                .as("what waits must stay below what keeps users from being accepted")
                .isFalse();
    }

    @Test
    void takesDataBehindControlInstructions() {
        outbox.controlRoom(20).position(20);
        outbox.added(20);
        assertThat(outbox.hasDataRoom()).isTrue();
        addData(1000);
        assertThat(outbox.size()).isEqualTo(20 + Wire.DATA_HEAD + 1000);
    }

    /** Takes that many bytes of the budget. */
    private void useUp(long bytes) {
        BufferPool others = new BufferPool((int) bytes, 0, budget);
        assertThat(others.take(MemoryUse.NEEDED)).isNotNull();
    }

    @Test
    void withLittleMemoryDataGetsASmallBuffer() {
        useUp((1 << 20) / 2);
        assertThat(outbox.makeDataRoom()).isTrue();
        assertThat(outbox.dataRoom(Wire.MAX_DATA_SENT).remaining()).isEqualTo(SMALL - Wire.DATA_HEAD);
    }

    @Test
    void withNextToNoMemoryDataWaitsAndControlInstructionsDoNot() {
        useUp((1 << 20) - SMALL);
        assertThat(outbox.makeDataRoom()).isFalse();
        assertThat(outbox.isStarved()).isTrue();

        outbox.controlRoom(20).position(20);
        outbox.added(20);

        assertThat(outbox.hasLost()).isFalse();
        assertThat(outbox.size()).isEqualTo(20);
    }

    @Test
    void withoutAnyMemoryAControlInstructionIsLostAndThatIsTold() {
        useUp(1 << 20);

        outbox.controlRoom(20).position(20);
        outbox.added(20);

        assertThat(outbox.hasLost()).isTrue();
        assertThat(outbox.size()).isZero();
    }

    @Test
    void givesBackWhatItTook() throws Exception {
        useUp((1 << 20) / 2);
        long others = budget.used();
        addData(1000);
        outbox.controlRoom(SMALL - 100).position(SMALL - 100); // fills a second buffer
        outbox.added(SMALL - 100);
        outbox.flush(Channels.newChannel(OutputStream.nullOutputStream()));

        assertThat(outbox.size()).isZero();
        assertThat(budget.used()).isEqualTo(others);
    }
}
