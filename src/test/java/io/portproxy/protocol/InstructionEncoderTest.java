package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionEncoderTest {
    private final ByteBuffer out = ByteBuffer.allocate(512);

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 48, Long.MIN_VALUE, Long.MAX_VALUE})
    void refusesAnIdentityBeyond48Bits(long identity) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.initialConnection(out, identity, 80))
                .withMessageContaining("identity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.dataHead(out, 0, identity, 1))
                .withMessageContaining("identity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.closeConnection(out, identity))
                .withMessageContaining("identity");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65_536, 65_536 + 80})
    void refusesATargetPortThatIsNone(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.initialConnection(out, 1, port))
                .withMessageContaining("target port " + port);
        assertThat(out.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 262_145, Integer.MAX_VALUE})
    void refusesDataThatIsEmptyOrLongerThanAFrame(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.dataHead(out, 0, 1, length))
                .withMessageContaining(length + " bytes");
    }

    @Test
    void takesTheLongestFrame() {
        InstructionEncoder.dataHead(out, 0, 1, 65_536);

        assertThat(out.getInt(8)).isEqualTo(65_536);
    }

    @Test
    void writesTheHeadOfDataWithoutMovingTheBuffer() {
        out.position(100).limit(200);

        InstructionEncoder.dataHead(out, 20, 7, 3);

        assertThat(out.position()).isEqualTo(100);
        assertThat(out.limit()).isEqualTo(200);
        assertThat(out.getShort(20)).isEqualTo((short) 3);
        assertThat(out.getInt(28)).isEqualTo(3);
    }

    @Test
    void refusesAnEmptyName() {
        assertThatIllegalArgumentException().isThrownBy(() -> InstructionEncoder.initialRemoteServer(out, ""));
    }

    @Test
    void countsTheBytesOfANameAndNotItsLetters() {
        String tooLong = "é".repeat(128); // 256 bytes

        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstructionEncoder.initialRemoteServer(out, tooLong))
                .withMessageContaining("256 bytes");
        assertThat(out.position()).isZero();
    }

    @Test
    void takesTheLongestName() throws ProtocolException {
        String name = "é".repeat(127) + "e"; // 255 bytes

        InstructionEncoder.initialRemoteServer(out, name);

        assertThat(out.position()).isEqualTo(261);
        byte[] bytes = new byte[261];
        out.flip().get(bytes);
        assertThat(Events.of(bytes)).containsExactly("InitialRemoteServer " + name);
    }
}
