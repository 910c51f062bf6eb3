package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Tests what must hold for any bytes. An ordinary test run uses the seeds beside this class's resources. */
class DecoderFuzzTest {

    @FuzzTest
    void anyBytesGiveTheSameHoweverTheyAreCut(byte[] bytes) {
        Outcome whole = outcome(bytes, new int[] {bytes.length});

        Random random = new Random(Arrays.hashCode(bytes));
        assertThat(outcome(bytes, random.ints(bytes.length, 1, 2).toArray())).isEqualTo(whole);
        assertThat(outcome(bytes, random.ints(bytes.length, 1, 20).toArray())).isEqualTo(whole);
    }

    @FuzzTest
    void whatIsEncodedDecodesToTheSame(FuzzedDataProvider data) throws ProtocolException {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024);
        Events expected = new Events(0);
        while (data.remainingBytes() > 0 && out.remaining() > 1024) {
            encode(data, out, expected);
        }

        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        assertThat(Events.of(bytes)).isEqualTo(expected.lines());
    }

    private static void encode(FuzzedDataProvider data, ByteBuffer out, Events expected) {
        long identity = data.consumeLong(0, Identity.MAX);
        switch (data.consumeInt(0, 4)) {
            case 0 -> {
                String name = "n" + data.consumeAsciiString(254);
                InstructionEncoder.initialRemoteServer(out, name);
                expected.initialRemoteServer(name);
            }
            case 1 -> {
                int port = data.consumeInt(1, 65_535);
                InstructionEncoder.initialConnection(out, identity, port);
                expected.initialConnection(identity, port);
            }
            case 2 -> {
                InstructionEncoder.heartbeat(out);
                expected.heartbeat();
            }
            case 3 -> {
                byte[] bytes = data.consumeBytes(500);
                if (bytes.length > 0) {
                    InstructionEncoder.dataHead(out, out.position(), identity, bytes.length);
                    out.position(out.position() + 12).put(bytes);
                    expected.dataHead(identity, bytes.length);
                    expected.data(identity, ByteBuffer.wrap(bytes));
                }
            }
            default -> {
                InstructionEncoder.closeConnection(out, identity);
                expected.closeConnection(identity);
            }
        }
    }

    /** Decodes the bytes. Any exception except {@link ProtocolException} fails the test. */
    private static Outcome outcome(byte[] bytes, int[] parts) {
        Events events = new Events(bytes.length);
        int at = 0;
        try {
            for (int part : parts) {
                int end = Math.min(bytes.length, at + part);
                events.receive(bytes, at, end);
                at = end;
            }
        } catch (ProtocolException e) {
            return new Outcome(events.lines(), e.getMessage(), -1);
        }
        assertThat(at).isEqualTo(bytes.length);
        assertThat(events.undecoded()).isLessThan(Dialect.CLASSIC.maxUndecoded());
        return new Outcome(new ArrayList<>(events.lines()), "", events.undecoded());
    }

    private record Outcome(List<String> events, String error, int undecoded) {}
}
