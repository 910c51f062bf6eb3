package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionDecoderTest {
    /** Each instruction, some more than once, including empty data and data that looks like instructions. */
    private static final byte[] SEQUENCE = hex("0002 0002"
            + " 0000 00000006 42c3bc726f21"
            + " 0001 000000000001 162e"
            + " 0003 000000000001 0000000a 00020004000000000001"
            + " 0003 000000000002 00000000"
            + " 0003 ffffffffffff 00000001 ff"
            + " 0004 000000000001"
            + " 0002"
            + " 0001 800000000000 0000"
            + " 0003 000000000003 00000000"
            + " 0003 000000000003 00000003 616263"
            + " 0004 800000000000");

    private static final List<String> SEQUENCE_EVENTS = List.of(
            "Heartbeat",
            "Heartbeat",
            "InitialRemoteServer Büro!",
            "InitialConnection 000000000001 5678",
            "DataHead 000000000001 10",
            "Data 000000000001 00020004000000000001",
            "DataHead 000000000002 0",
            "DataHead ffffffffffff 1",
            "Data ffffffffffff ff",
            "CloseConnection 000000000001",
            "Heartbeat",
            "InitialConnection 800000000000 0",
            "DataHead 000000000003 0",
            "DataHead 000000000003 3",
            "Data 000000000003 616263",
            "CloseConnection 800000000000");

    private final Events events = new Events(1024);

    @Test
    void decodesManyInstructionsFromOneBuffer() throws ProtocolException {
        events.receive(SEQUENCE);

        assertThat(events.lines()).isEqualTo(SEQUENCE_EVENTS);
        assertThat(events.undecoded()).isZero();
    }

    @Test
    void decodesTheSameCutInThreeAnywhere() throws ProtocolException {
        for (int first = 0; first <= SEQUENCE.length; first++) {
            for (int second = first; second <= SEQUENCE.length; second++) {
                Events cut = new Events(1024);
                cut.receive(SEQUENCE, 0, first);
                cut.receive(SEQUENCE, first, second);
                cut.receive(SEQUENCE, second, SEQUENCE.length);
                assertThat(cut.lines()).as("cut at %d and %d", first, second).isEqualTo(SEQUENCE_EVENTS);
                assertThat(cut.undecoded()).isZero();
            }
        }
    }

    @Test
    void decodesTheSameByteByByte() throws ProtocolException {
        for (int i = 0; i < SEQUENCE.length; i++) {
            events.receive(SEQUENCE, i, i + 1);
        }

        assertThat(events.lines()).isEqualTo(SEQUENCE_EVENTS);
    }

    @Test
    void decodesFromTheMiddleOfADirectReadOnlyBuffer() throws ProtocolException {
        ByteBuffer in = ByteBuffer.allocateDirect(SEQUENCE.length + 20);
        in.position(7).put(SEQUENCE).flip().position(7);
        ByteBuffer readOnly = in.asReadOnlyBuffer();
        InstructionDecoder decoder = InstructionDecoder.classic(events);
        int decoded = 0;

        while (decoder.decode(readOnly)) {
            decoded++;
        }

        assertThat(events.lines()).isEqualTo(SEQUENCE_EVENTS);
        assertThat(decoded).isEqualTo(13);
        assertThat(readOnly.limit()).isEqualTo(7 + SEQUENCE.length);
        assertThat(readOnly.hasRemaining()).isFalse();
    }

    @Test
    void reportsOneInstructionACall() throws ProtocolException {
        ByteBuffer in = ByteBuffer.wrap(hex("0002 0002"));

        assertThat(InstructionDecoder.classic(events).decode(in)).isTrue();

        assertThat(events.lines()).containsExactly("Heartbeat");
        assertThat(in.position()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0000 000000",
                "0000 00000002 41",
                "0001 000000000001 16",
                "0003 000000000001 000000",
                "0004 0000000000"
            })
    void leavesAnInstructionUnreadWhoseEndIsMissing(String start) throws ProtocolException {
        ByteBuffer in = ByteBuffer.wrap(hex(start));

        assertThat(InstructionDecoder.classic(events).decode(in)).isFalse();

        assertThat(in.position()).isZero();
        assertThat(events.lines()).isEmpty();
    }

    @Test
    void leavesNoMoreUnreadThanItSays() throws ProtocolException {
        events.receive(hex("0000 000000ff" + "41".repeat(254)));

        assertThat(events.undecoded()).isEqualTo(260).isLessThan(Dialect.CLASSIC.maxUndecoded());
        events.receive(hex("42"));
        assertThat(events.lines()).containsExactly("InitialRemoteServer " + "A".repeat(254) + "B");
    }

    @Test
    void passesDataOnAsItArrives() throws ProtocolException {
        List<Integer> parts = new ArrayList<>();
        InstructionHandler handler = new Ignoring() {
            @Override
            public void data(long identity, ByteBuffer data) {
                parts.add(data.remaining());
            }
        };
        InstructionDecoder decoder = InstructionDecoder.classic(handler);

        assertThat(decoder.decode(ByteBuffer.wrap(hex("0003 000000000001 00000006"))))
                .isTrue();
        assertThat(parts).isEmpty();
        assertThat(decoder.decode(ByteBuffer.wrap(hex("")))).isFalse();
        assertThat(decoder.decode(ByteBuffer.wrap(hex("01")))).isTrue();
        assertThat(decoder.decode(ByteBuffer.wrap(hex("020304")))).isTrue();
        ByteBuffer last = ByteBuffer.wrap(hex("0506 0002"));
        assertThat(decoder.decode(last)).isTrue();

        assertThat(parts).containsExactly(1, 3, 2);
        assertThat(last.position()).isEqualTo(2);
        assertThat(last.limit()).isEqualTo(4);
    }

    @Test
    void relaysTheLongestDataWithoutGatheringIt() throws ProtocolException {
        long claimed = 0xffff_ffffL;
        ByteBuffer chunk = ByteBuffer.allocateDirect(16 << 20);
        long[] relayed = {0};
        InstructionHandler handler = new Ignoring() {
            @Override
            public void heartbeat() {
                events.heartbeat();
            }

            @Override
            public void dataHead(long identity, long length) {
                assertThat(length).isEqualTo(claimed);
            }

            @Override
            public void data(long identity, ByteBuffer data) {
                assertThat(identity).isEqualTo(5);
                assertThat(data).isSameAs(chunk);
                relayed[0] += data.remaining();
            }
        };
        InstructionDecoder decoder = InstructionDecoder.classic(handler);

        decoder.decode(ByteBuffer.wrap(hex("0003 000000000005 ffffffff")));
        while (relayed[0] < claimed) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), claimed - relayed[0]));
            assertThat(decoder.decode(chunk)).isTrue();
            assertThat(chunk.hasRemaining()).isFalse();
        }

        assertThat(relayed[0]).isEqualTo(4_294_967_295L);
        assertThat(decoder.decode(ByteBuffer.wrap(hex("0002")))).isTrue();
        assertThat(events.lines()).containsExactly("Heartbeat");
    }

    @Test
    void skipsTheBytesThatAHandlerLeaves() throws ProtocolException {
        List<Byte> firstOfEach = new ArrayList<>();
        InstructionHandler lazy = new Ignoring() {
            @Override
            public void heartbeat() {
                events.heartbeat();
            }

            @Override
            public void data(long identity, ByteBuffer data) {
                firstOfEach.add(data.get());
            }
        };
        ByteBuffer in = ByteBuffer.wrap(hex("0003 000000000001 00000003 0a0b0c 0003 000000000001 00000002 1a1b 0002"));
        InstructionDecoder decoder = InstructionDecoder.classic(lazy);

        decoder.decode(in);
        decoder.decode(in);
        decoder.decode(in);

        assertThat(firstOfEach).containsExactly((byte) 0x0a, (byte) 0x1a);
        assertThat(events.lines()).containsExactly("Heartbeat");
    }

    @Test
    void reportsOfEmptyDataTheHeadAlone() throws ProtocolException {
        events.receive(hex("0003 000000000001 00000000 0002"));

        assertThat(events.lines()).containsExactly("DataHead 000000000001 0", "Heartbeat");
    }

    @Test
    void refusesEveryUnknownCode() {
        for (int code = 0x0005; code <= 0xffff; code++) {
            ByteBuffer in = ByteBuffer.allocate(20).putShort(4, (short) code).position(4);
            String asHex = HexFormat.of().toHexDigits((short) code);
            assertThatThrownBy(() -> InstructionDecoder.classic(events).decode(in))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("unknown instruction code 0x" + asHex);
            assertThat(in.position()).isEqualTo(4);
        }
        assertThat(events.lines()).isEmpty();
    }

    @Test
    void refusesAnUnknownCodeWithNothingBehindIt() {
        assertThatThrownBy(() -> events.receive(hex("0010")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("0x0010");
    }

    @Test
    void reportsWhatCameBeforeAnUnknownCode() {
        assertThatThrownBy(() -> events.receive(hex("0002 0004 000000000009 1234 0002")))
                .isInstanceOf(ProtocolException.class);

        assertThat(events.lines()).containsExactly("Heartbeat", "CloseConnection 000000000009");
        assertThat(events.undecoded()).isEqualTo(4);
    }

    @Test
    void hasReadTheInstructionThatAHandlerRefuses() {
        InstructionHandler refusing = new Ignoring() {
            @Override
            public void closeConnection(long identity) throws ProtocolException {
                throw new ProtocolException("not here");
            }
        };
        ByteBuffer in = ByteBuffer.wrap(hex("0004 000000000001 0002"));

        assertThatThrownBy(() -> InstructionDecoder.classic(refusing).decode(in))
                .hasMessage("not here");
        assertThat(in.position()).isEqualTo(8);
    }

    @Test
    void keepsNothingOfOneTunnelForAnother() throws ProtocolException {
        InstructionDecoder.classic(events).decode(ByteBuffer.wrap(hex("0003 000000000001 000000ff 01")));

        InstructionDecoder.classic(events).decode(ByteBuffer.wrap(hex("0002")));

        assertThat(events.lines()).containsExactly("DataHead 000000000001 255", "Data 000000000001 01", "Heartbeat");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static class Ignoring implements InstructionHandler {
        @Override
        public void initialRemoteServer(String name) {}

        @Override
        public void initialConnection(long identity, int targetPort) {}

        @Override
        public void heartbeat() {}

        @Override
        public void dataHead(long identity, long length) {}

        @Override
        public void data(long identity, ByteBuffer data) {}

        @Override
        public void closeConnection(long identity) throws ProtocolException {}
    }
}
