package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedDecoderTest {
    /** Each instruction, including unknown ones, longer ones and data that looks like instructions. */
    static final byte[] SEQUENCE = bytes("0002"
            + " 0015 0000000f 000000000001 162e 0004 0003 746370"
            + " 0016 00000006 000000000001"
            + " 0003 000000000001 0000000c 001700000006000000000001"
            + " 0019 00000012 000000000001 0000000000000064 00040000"
            + " 001d 00000010 000000000001 0000000000000007 ffff" // Resume
            + " 001e 00000000" // Resumed
            + " 001f 0000000c 0001 0000 4e20 01 1f90 00 beef" // Expose, longer than this version knows
            + " 0020 00000005 0001 4e20 00"
            + " 0021 00000007 0001 0063 0001 78" // with a reason that this version does not know
            + " 7fff 00000003 001700" // an instruction of a later version
            + " 0019 00000014 000000000002 0000000000000065 00040001 beef" // longer than this version knows
            + " 001a 00000008 0123456789abcdef"
            + " 001b 00000009 0123456789abcdef 00"
            + " 0017 00000006 000000000001"
            + " 0003 000000000002 00000000"
            + " 0018 00000008 000000000001 0005"
            + " 0004 000000000002"
            + " 0022 00000006 000000000003" // an empty one
            + " 0022 00000008 000000000003 0022"
            + " 001c 00000006 ffff 00007530");

    private static final List<String> SEQUENCE_EVENTS = List.of(
            "Heartbeat",
            "Open 000000000001 5678 - - - tcp -",
            "Opened 000000000001",
            "DataHead 000000000001 12",
            "Data 000000000001 001700000006000000000001",
            "Window 000000000001 100 262144",
            "Expose[number=1, type=0, port=20000, only=true, targetPort=8080, targetHost=Optional.empty]",
            "Exposed[number=1, port=20000, host=]",
            "ExposeRefused[number=1, reason=UNKNOWN, message=x]",
            "Window 000000000002 101 262145",
            "Ping 123456789abcdef",
            "Pong 123456789abcdef",
            "End 000000000001",
            "DataHead 000000000002 0",
            "Reset 000000000001 TARGET_RESET",
            "CloseConnection 000000000002",
            "Datagram 000000000003 ",
            "Datagram 000000000003 0022",
            "GoAway UNKNOWN 30000");

    @Test
    void decodesTheSameCutInThreeAnywhere() throws ProtocolException {
        for (int first = 0; first <= SEQUENCE.length; first++) {
            for (int second = first; second <= SEQUENCE.length; second++) {
                ExtendedEvents events = new ExtendedEvents(SEQUENCE.length);
                events.receive(SEQUENCE, 0, first);
                events.receive(SEQUENCE, first, second);
                events.receive(SEQUENCE, second, SEQUENCE.length);
                assertThat(events.lines()).as("cut at %d and %d", first, second).isEqualTo(SEQUENCE_EVENTS);
                assertThat(events.undecoded()).isZero();
            }
        }
    }

    @Test
    void decodesTheSameByteByByte() throws ProtocolException {
        ExtendedEvents events = new ExtendedEvents(Dialect.EXTENDED.maxUndecoded());
        for (int i = 0; i < SEQUENCE.length; i++) {
            events.receive(SEQUENCE, i, i + 1);
        }

        assertThat(events.lines()).isEqualTo(SEQUENCE_EVENTS);
    }

    /** The decoder refuses the length field before a byte of the body has come. */
    @ParameterizedTest
    @CsvSource({
        "0015 00000007, Open with a body of 7 bytes; it must be 8 to 2048 bytes",
        "0015 00000801, Open with a body of 2049 bytes; it must be 8 to 2048 bytes",
        "0015 ffffffff, Open with a body of 4294967295 bytes; it must be 8 to 2048 bytes",
        "0016 00000005, Opened with a body of 5 bytes; it must be 6 to 4096 bytes",
        "0016 00001001, Opened with a body of 4097 bytes; it must be 6 to 4096 bytes",
        "0017 00000000, End with a body of 0 bytes; it must be 6 to 4096 bytes",
        "0017 80000000, End with a body of 2147483648 bytes; it must be 6 to 4096 bytes",
        "0018 00000007, Reset with a body of 7 bytes; it must be 8 to 4096 bytes",
        "0018 00001001, Reset with a body of 4097 bytes; it must be 8 to 4096 bytes",
        "0019 00000011, Window with a body of 17 bytes; it must be 18 to 4096 bytes",
        "0019 00001001, Window with a body of 4097 bytes; it must be 18 to 4096 bytes",
        "001a 00000007, Ping with a body of 7 bytes; it must be 8 to 4096 bytes",
        "001b 00001001, Pong with a body of 4097 bytes; it must be 8 to 4096 bytes",
        "001c 00000005, GoAway with a body of 5 bytes; it must be 6 to 4096 bytes",
        "001f 00000009, Expose with a body of 9 bytes; it must be 10 to 2048 bytes",
        "001f 00000801, Expose with a body of 2049 bytes; it must be 10 to 2048 bytes",
        "0020 00000004, Exposed with a body of 4 bytes; it must be 5 to 2048 bytes",
        "0020 ffffffff, Exposed with a body of 4294967295 bytes; it must be 5 to 2048 bytes",
        "0021 00000005, ExposeRefused with a body of 5 bytes; it must be 6 to 2048 bytes",
        "0022 00000005, Datagram with a body of 5 bytes; it must be 6 to 65513 bytes",
        "0022 0000ffea, Datagram with a body of 65514 bytes; it must be 6 to 65513 bytes",
        "001d 00100001, unknown instruction code 0x001d with a body of 1048577 bytes; at most 1048576 bytes are skipped",
        "ffff ffffffff, unknown instruction code 0xffff with a body of 4294967295 bytes; at most 1048576 bytes are skipped"
    })
    void refusesALengthByItsClaim(String hex, String message) {
        refused(hex, message);
    }

    /** Two bytes are enough to refuse it. */
    @ParameterizedTest
    @ValueSource(strings = {"0010", "0011", "0012", "0013", "0014"})
    void refusesAnotherGreeting(String code) {
        refused(code, "greeting instruction 0x" + code + " behind the greeting");
    }

    @ParameterizedTest
    @CsvSource({"0000, classic", "0001, classic", "0005, unknown", "000f, unknown" // has no length to skip by
    })
    void refusesACodeBelowTheExtendedOnes(String code, String which) {
        refused(code, which + " instruction code 0x" + code + " in an extended tunnel");
    }

    @ParameterizedTest
    @CsvSource({
        "001f 0000000a 0001 0000 0000 02 0016 00, an Expose whose only is 2; it must be 0 or 1",
        "001f 0000000b 0001 0000 0000 00 0016 02 61, an Expose that ends within a target's host",
        "001f 0000000b 0001 0000 0000 00 0016 01 0a, a target's host with a control character",
        "0020 00000005 0001 0000 00, an Exposed with port 0",
        "0020 00000005 0001 4e20 01, an Exposed that ends within an exposed host",
        "0021 00000006 0001 0001 0001, an ExposeRefused that ends within an ExposeRefused's message"
    })
    void refusesABadExpose(String hex, String message) {
        refused(hex, message);
    }

    @Test
    void refusesMoreDeliveredThanAnyStreamCarries() {
        refused(
                "0019 00000012 000000000001 8000000000000000 00000000",
                "a Window with more than 2^63-1 bytes delivered");
    }

    @Test
    void reportsALongerInstructionBeforeItsEnd() throws ProtocolException {
        ExtendedEvents events = new ExtendedEvents(64);
        byte[] start = bytes("001a 00001000 0000000000000007 01");

        events.receive(start, 0, start.length);

        assertThat(events.lines()).containsExactly("Ping 7");
        assertThat(events.undecoded()).isZero();
    }

    @Test
    void skipsTheLongestUnknownInstructionWithoutGatheringIt() throws ProtocolException {
        ExtendedEvents events = new ExtendedEvents(4096);
        byte[] head = bytes("7ffe 00100000");
        events.receive(head, 0, head.length);
        byte[] part = new byte[4096]; // zeros: each pair of them would be the code of a classic greeting
        for (int i = 0; i < 256; i++) {
            events.receive(part, 0, part.length);
            assertThat(events.undecoded()).isZero();
        }
        byte[] next = bytes("0002");
        events.receive(next, 0, next.length);

        assertThat(events.lines()).containsExactly("Heartbeat");
    }

    @Test
    void leavesAtMostTheStatedRunUnread() throws ProtocolException {
        ExtendedEvents events = new ExtendedEvents(Dialect.EXTENDED.maxUndecoded());
        byte[] open = new byte[Dialect.EXTENDED.maxUndecoded()];
        ByteBuffer.wrap(open)
                .put(bytes("0015 00000800 000000000001 162e 7777 07f4")); // one unknown field that fills the rest
        events.receive(open, 0, open.length - 1);
        assertThat(events.undecoded()).isEqualTo(open.length - 1);
        assertThat(events.lines()).isEmpty();

        events.receive(open, open.length - 1, open.length);

        assertThat(events.undecoded()).isZero();
        assertThat(events.lines()).containsExactly("Open 000000000001 5678 - - - - -");
    }

    @Test
    void aDatagramIsDecodedWhenItIsWhole() throws ProtocolException {
        int longest = Wire.DATAGRAM_HEAD + Wire.MAX_DATAGRAM;
        ExtendedEvents events = new ExtendedEvents(longest);
        byte[] datagram = new byte[longest];
        ByteBuffer.wrap(datagram).put(bytes("0022 0000ffe9 000000000001"));
        events.receive(datagram, 0, longest - 1);
        assertThat(events.lines()).isEmpty();

        events.receive(datagram, longest - 1, longest);

        assertThat(events.lines()).hasSize(1);
        assertThat(InstructionDecoder.extended(events, true).maxUndecoded()).isEqualTo(longest);
        assertThat(InstructionDecoder.extended(events).maxUndecoded()).isEqualTo(Dialect.EXTENDED.maxUndecoded());
    }

    @Test
    void withoutTheFeatureADatagramIsAnError() {
        ByteBuffer in = ByteBuffer.wrap(bytes("0022 00000006 000000000001"));
        assertThatThrownBy(
                        () -> InstructionDecoder.extended(new ExtendedEvents(0)).decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("Datagram in a tunnel without that feature");
    }

    @Test
    void allocatesNothingForWhatEachChunkBrings() throws ProtocolException {
        byte[] chunk = bytes("0003 000000000001 00000004 61626364"
                + " 0019 00000012 000000000001 0000000000000064 00040000"
                + " 001a 00000008 0123456789abcdef"
                + " 001b 00000008 0123456789abcdef"
                + " 0016 00000006 000000000001"
                + " 0017 00000006 000000000001"
                + " 0018 00000008 000000000001 0005"
                + " 001c 00000006 000c 00007530"
                + " 7fff 00000003 001700");
        ByteBuffer in = ByteBuffer.wrap(chunk);
        Counting counting = new Counting();
        InstructionDecoder decoder = InstructionDecoder.extended(counting);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        decodeAll(decoder, in);
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            decodeAll(decoder, in);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(counting.calls).isEqualTo(10_001 * 9);
    }

    private static void decodeAll(InstructionDecoder decoder, ByteBuffer in) throws ProtocolException {
        in.rewind();
        boolean decoded;
        do {
            decoded = decoder.decode(in);
        } while (decoded);
    }

    @Test
    void whatTheHandlerThrowsComesThrough() {
        Counting refusing = new Counting() {
            @Override
            public void opened(long identity) throws ProtocolException {
                throw new ProtocolException("not here");
            }
        };

        assertThatThrownBy(() -> InstructionDecoder.extended(refusing)
                        .decode(ByteBuffer.wrap(bytes("0016 00000006 000000000001"))))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("not here");
    }

    private static void refused(String hex, String message) {
        ExtendedEvents events = new ExtendedEvents(0);
        ByteBuffer in = ByteBuffer.wrap(bytes("0002" + hex)).position(2);
        assertThatThrownBy(() -> InstructionDecoder.extended(events, true).decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
        assertThat(in.position()).isEqualTo(2);
        assertThat(events.lines()).isEmpty();
    }

    private static class Counting implements ExtendedHandler {
        @Override
        public void expose(ExposeInstruction instruction) {}

        long calls;

        @Override
        public void heartbeat() {
            calls++;
        }

        @Override
        public void dataHead(long identity, long length) {
            calls++;
        }

        @Override
        public void data(long identity, ByteBuffer data) {
            calls++;
        }

        @Override
        public void closeConnection(long identity) {
            calls++;
        }

        @Override
        public void open(Open open) {
            calls++;
        }

        @Override
        public void opened(long identity) throws ProtocolException {
            calls++;
        }

        @Override
        public void end(long identity) {
            calls++;
        }

        @Override
        public void reset(long identity, Reason reason) {
            calls++;
        }

        @Override
        public void window(long identity, long delivered, long window) {
            calls++;
        }

        @Override
        public void ping(long opaque) {
            calls++;
        }

        @Override
        public void pong(long opaque) {
            calls++;
        }

        @Override
        public void goAway(Reason reason, long deadlineMillis) {
            calls++;
        }
    }
}
