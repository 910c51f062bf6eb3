package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests streams that carry datagrams in a session. */
class DatagramStreamsTest {
    private final ExtendedBed bed = new ExtendedBed();
    private final List<String> done = new ArrayList<>();

    private Stream open(long identity) throws ProtocolException {
        return bed.session.addDatagrams(identity, new Endpoint() {
            @Override
            public void datagram(ByteBuffer data) {
                done.add("datagram of " + data.remaining());
                data.position(data.limit());
            }

            @Override
            public void deliver(ByteBuffer data) {
                done.add("deliver");
            }

            @Override
            public void sendRoomGrew() {
                done.add("sendRoomGrew");
            }

            @Override
            public void finish() {
                done.add("finish");
            }

            @Override
            public void finishAndClose() {
                done.add("finishAndClose");
            }

            @Override
            public void release() {
                done.add("release");
            }

            @Override
            public void reset(Reason reason) {
                done.add("reset: " + reason.text());
            }
        });
    }

    @Test
    void aDatagramGoesToItsSocketAndTakesNoWindow() throws ProtocolException {
        open(1);
        for (int i = 0; i < 10; i++) {
            bed.session.datagram(1, ByteBuffer.allocate(60_000));
        }
        assertThat(done).hasSize(10).containsOnly("datagram of 60000");
        assertThat(bed.asked()).isEmpty();
    }

    @Test
    void oneForAnUnknownStreamIsSkipped() throws ProtocolException {
        bed.session.datagram(1, ByteBuffer.allocate(1));
        assertThat(done).isEmpty();
    }

    @Test
    void bytesAndEndsAreErrors() throws ProtocolException {
        open(1);
        assertThatThrownBy(() -> bed.data(1, 1))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("data of stream 000000000001, which carries datagrams");
        assertThatThrownBy(() -> bed.session.peerEnded(1))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("an End of stream 000000000001, which carries datagrams");
        assertThat(done).isEmpty();
    }

    @Test
    void aDatagramForAStreamOfBytesIsAnError() throws ProtocolException {
        bed.open(1);
        assertThatThrownBy(() -> bed.session.datagram(1, ByteBuffer.allocate(1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a Datagram of stream 000000000001, which carries bytes");
    }

    @Test
    void itEndsWithAResetFromEitherSide() throws ProtocolException {
        Stream ours = open(1);
        open(2);
        assertThat(bed.session.datagramStreams()).isEqualTo(2);
        bed.session.end(ours, Reason.IDLE_TIMEOUT);
        bed.session.peerReset(2, Reason.GOING_AWAY);
        assertThat(done).containsExactly("reset: idle timeout", "reset: going away");
        assertThat(bed.asked()).containsExactly("Reset 1 idle timeout");
        assertThat(bed.session.datagramStreams()).isZero();
        assertThat(bed.session.live()).isZero();
    }

    @Test
    void aWindowForItSaysNothing() throws ProtocolException {
        open(1);
        bed.session.peerWindow(1, 0, 1_000_000);
        assertThat(done).isEmpty();
    }
}
