package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests every code and layout of protocol.md, section 1, in literal bytes. Peers that are already deployed do not change with this program. */
class WireLayoutTest {
    private static final long IDENTITY = 0x0123_4567_89abL;

    static Stream<Arguments> instructions() {
        return Stream.of(
                row(
                        out -> InstructionEncoder.initialRemoteServer(out, "printer"),
                        "0000 00000007 7072696e746572",
                        "InitialRemoteServer printer"),
                row(
                        out -> InstructionEncoder.initialRemoteServer(out, "Büro€"),
                        "0000 00000008 42c3bc726fe282ac",
                        "InitialRemoteServer Büro€"),
                row(
                        out -> InstructionEncoder.initialConnection(out, IDENTITY, 5678),
                        "0001 0123456789ab 162e",
                        "InitialConnection 0123456789ab 5678"),
                row(
                        out -> InstructionEncoder.initialConnection(out, 0xffff_ffff_ffffL, 65535),
                        "0001 ffffffffffff ffff",
                        "InitialConnection ffffffffffff 65535"),
                row(
                        out -> InstructionEncoder.initialConnection(out, 0, 1),
                        "0001 000000000000 0001",
                        "InitialConnection 000000000000 1"),
                row(InstructionEncoder::heartbeat, "0002", "Heartbeat"),
                row(
                        out -> data(out, IDENTITY, "abc"),
                        "0003 0123456789ab 00000003 616263",
                        "DataHead 0123456789ab 3",
                        "Data 0123456789ab 616263"),
                row(
                        out -> data(out, 0xffff_ffff_ffffL, "\n"),
                        "0003 ffffffffffff 00000001 0a",
                        "DataHead ffffffffffff 1",
                        "Data ffffffffffff 0a"),
                row(
                        out -> InstructionEncoder.closeConnection(out, IDENTITY),
                        "0004 0123456789ab",
                        "CloseConnection 0123456789ab"),
                row(
                        out -> InstructionEncoder.closeConnection(out, 0x8000_0000_0001L),
                        "0004 800000000001",
                        "CloseConnection 800000000001"));
    }

    private static Arguments row(Consumer<ByteBuffer> encoding, String hex, String... events) {
        return Arguments.of(encoding, hex, List.of(events));
    }

    private static void data(ByteBuffer out, long identity, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        InstructionEncoder.dataHead(out, out.position(), identity, bytes.length);
        out.position(out.position() + 12).put(bytes);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("instructions")
    void encodesTo(Consumer<ByteBuffer> encoding, String hex, List<String> events) {
        ByteBuffer out = ByteBuffer.allocateDirect(64);

        encoding.accept(out);

        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        assertThat(bytes).asHexString().isEqualToIgnoringCase(hex.replace(" ", ""));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("instructions")
    void decodesFrom(Consumer<ByteBuffer> encoding, String hex, List<String> events) throws ProtocolException {
        assertThat(Events.of(HexFormat.of().parseHex(hex.replace(" ", "")))).isEqualTo(events);
    }

    @Test
    void codesAreTheDeployedOnes() {
        assertThat(Wire.INITIAL_REMOTE_SERVER).isZero();
        assertThat(Wire.INITIAL_CONNECTION).isEqualTo(1);
        assertThat(Wire.HEARTBEAT).isEqualTo(2);
        assertThat(Wire.DATA).isEqualTo(3);
        assertThat(Wire.CLOSE_CONNECTION).isEqualTo(4);
    }

    @Test
    void lengthsAreTheDeployedOnes() {
        assertThat(Wire.CODE_LENGTH).isEqualTo(2);
        assertThat(Wire.IDENTITY_LENGTH).isEqualTo(6);
        assertThat(Wire.INITIAL_REMOTE_SERVER_HEAD).isEqualTo(6);
        assertThat(Wire.INITIAL_CONNECTION_LENGTH).isEqualTo(10);
        assertThat(Wire.HEARTBEAT_LENGTH).isEqualTo(2);
        assertThat(Wire.DATA_HEAD).isEqualTo(12);
        assertThat(Wire.CLOSE_CONNECTION_LENGTH).isEqualTo(8);
    }

    @Test
    void limitsAreTheStatedOnes() {
        assertThat(Wire.MAX_NAME_LENGTH).isEqualTo(255);
        assertThat(Wire.MAX_DATA_SENT).isEqualTo(262_144);
        assertThat(Wire.MAX_SHORT_DATA_SENT).isEqualTo(65_536);
        assertThat(Dialect.CLASSIC.maxUndecoded()).isEqualTo(261);
        assertThat(Identity.MAX).isEqualTo(281_474_976_710_655L);
    }
}
