package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameDecodingTest {
    private final Events events = new Events(1024);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 254, 255})
    void takesNamesOf(int length) throws ProtocolException {
        String name = "n".repeat(length);

        events.receive(greeting(length, name.getBytes(StandardCharsets.UTF_8)));

        assertThat(events.lines()).containsExactly("InitialRemoteServer " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "€", "𝄞", "日本語", "a\u0000b", "\ufeffbom", "é"})
    void takesNamesBeyondAscii(String name) throws ProtocolException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);

        events.receive(greeting(bytes.length, bytes));

        assertThat(events.lines()).containsExactly("InitialRemoteServer " + name);
    }

    /** The decoder refuses the length field before a byte of the name has come, and allocates no memory for the name. */
    @ParameterizedTest
    @CsvSource({"00000000,0", "00000100,256", "7fffffff,2147483647", "80000000,2147483648", "ffffffff,4294967295"})
    void refusesANameThatClaims(String claim, String length) {
        ByteBuffer in = ByteBuffer.wrap(hex("0000 " + claim));

        assertThatThrownBy(() -> InstructionDecoder.classic(events).decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("a remote name of " + length + " bytes");
        assertThat(in.position()).isZero();
        assertThat(events.lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // never in UTF-8
                "80", // a continuation byte without a start
                "41c3", // cut short
                "c080", // an overlong NUL
                "eda080", // half a surrogate pair
                "f4908080" // beyond U+10FFFF
            })
    void refusesANameThatIsNotUtf8(String name) {
        byte[] bytes = hex(name);
        ByteBuffer in = ByteBuffer.wrap(greeting(bytes.length, bytes));

        assertThatThrownBy(() -> InstructionDecoder.classic(events).decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a remote name that is not UTF-8");
        assertThat(in.position()).isZero();
        assertThat(events.lines()).isEmpty();
    }

    private static byte[] greeting(int claimed, byte[] name) {
        return ByteBuffer.allocate(6 + name.length)
                .putShort((short) 0)
                .putInt(claimed)
                .put(name)
                .array();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
