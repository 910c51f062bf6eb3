package io.portproxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.BufferPool;
import io.portproxy.protocol.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int SIZE = 64 * 1024;

    private final Outbox outbox = new Outbox(new BufferPool(SIZE, 2));

    private void addData(int length) {
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
}
