package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.bytes;
import static io.portproxy.protocol.Greetings.first;
import static io.portproxy.protocol.Greetings.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests each instruction of the extended greeting (protocol.md, section 2) in literal bytes, and which values its fields allow. */
class GreetingLayoutTest {
    private static final String NAME_OF_255 = "6e".repeat(255);

    static Stream<Arguments> instructions() {
        return Stream.of(
                Arguments.of(Greetings.HELLO, Greetings.HELLO_HEX),
                Arguments.of(Greetings.RESUMING_HELLO, Greetings.RESUMING_HELLO_HEX),
                Arguments.of(Greetings.CHALLENGE, Greetings.CHALLENGE_HEX),
                Arguments.of(Greetings.A_PROOF, Greetings.PROOF_HEX),
                Arguments.of(Greetings.WELCOME, Greetings.WELCOME_HEX),
                Arguments.of(Greetings.REJECT, Greetings.REJECT_HEX));
    }

    @ParameterizedTest
    @MethodSource("instructions")
    void encodesTo(GreetingInstruction instruction, String hex) {
        assertThat(HexFormat.of().formatHex(instruction.encode())).isEqualTo(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @MethodSource("instructions")
    void decodesFrom(GreetingInstruction instruction, String hex) throws ProtocolException {
        assertThat(first(hex).instruction()).isEqualTo(instruction);
        assertThat(first(hex).bytes()).isEqualTo(bytes(hex));
    }

    @Test
    void takesTheLongestHello() throws ProtocolException {
        String hex = "0010 00000148 0002 00000000" + Greetings.INSTANCE + "0000" + Greetings.REMOTE_NONCE + "10"
                + Greetings.SESSION + NAME_OF_255;

        Hello hello = (Hello) first(hex).instruction();

        assertThat(hello.name()).isEqualTo("n".repeat(255));
        assertThat(bytes(hex))
                .hasSize(GreetingDecoder.ofRemote().maxUndecoded())
                .hasSize(334);
    }

    @ParameterizedTest
    @CsvSource({
        "0010 00000049, 10, " + Greetings.SESSION + ", a remote name of 0 bytes; it must be 1 to 255 bytes",
        "0010 0000003a, 00, ff, a remote name that is not UTF-8",
        "0010 0000003b, 00, 6f0a, a remote name with a control character",
        "0010 0000003a, 01, 6f, a session to resume of 1 bytes; it must be 0 or 16 bytes",
        "0010 0000003a, ff, 6f, a session to resume of 255 bytes; it must be 0 or 16 bytes",
        "0010 0000003a, 10, 6f, a Hello that ends within the session to resume"
    })
    void refusesAHello(String head, String resumeLength, String rest, String message) {
        refused(
                head + "0002 00000000" + Greetings.INSTANCE + "0000" + Greetings.REMOTE_NONCE + resumeLength + rest,
                message);
    }

    @Test
    void refusesANameTooLongInAHelloThatIsNot() {
        refused(
                "0010 00000139 0002 00000000" + Greetings.INSTANCE + "0000" + Greetings.REMOTE_NONCE + "00"
                        + NAME_OF_255 + "6e",
                "a remote name of 256 bytes; it must be 1 to 255 bytes");
    }

    @ParameterizedTest
    @CsvSource({"00000fff,4095", "40000001,1073741825", "00000000,0", "ffffffff,4294967295"})
    void refusesAnInitialWindow(String window, String bytes) {
        refused(
                Greetings.WELCOME_HEX.replace("00040000", window),
                "an initial window of " + bytes + " bytes; it must be 4096 to 1073741824 bytes");
    }

    @ParameterizedTest
    @CsvSource({"00001000,4096", "40000000,1073741824"})
    void takesAnInitialWindow(String window, int bytes) throws ProtocolException {
        Welcome welcome = (Welcome)
                first(Greetings.WELCOME_HEX.replace("00040000", window)).instruction();

        assertThat(welcome.initialWindow()).isEqualTo(bytes);
    }

    @Test
    void timesOfAWelcomeAreUnsigned() throws ProtocolException {
        Welcome welcome = (Welcome) first(Greetings.WELCOME_HEX.replace("00003a98 00000000", "ffffffff fffffffe"))
                .instruction();

        assertThat(welcome.keepAliveMillis()).isEqualTo(4_294_967_295L);
        assertThat(welcome.resumeMillis()).isEqualTo(4_294_967_294L);
    }

    @ParameterizedTest
    @CsvSource({
        "0014 00000003 0009 02, a Reject whose retry is 2; it must be 0 or 1",
        "0014 00000004 0009 01 ff, a Reject's message that is not UTF-8",
        "0014 00000004 0009 01 1b, a Reject's message with a control character"
    })
    void refusesAReject(String hex, String message) {
        refused(hex, message);
    }

    @Test
    void takesARejectWithoutMessageForAReasonOfALaterVersion() throws ProtocolException {
        assertThat(first("0014 00000003 ffff 00").instruction()).isEqualTo(new Reject(Reason.UNKNOWN, false, ""));
    }

    @Test
    void takesARejectWithTheLongestMessage() throws ProtocolException {
        Reject reject = new Reject(Reason.LIMIT, false, "m".repeat(1024));

        assertThat(first(HexFormat.of().formatHex(reject.encode())).instruction())
                .isEqualTo(reject);
    }

    @Test
    void refusesToBuildWhatDoesNotFit() {
        OpaqueBytes id = Greetings.opaque(Greetings.INSTANCE);
        OpaqueBytes nonce = Greetings.opaque(Greetings.REMOTE_NONCE);
        assertThatIllegal(() -> new Hello(2, Features.NONE, nonce, 0, nonce, Optional.empty(), "n"));
        assertThatIllegal(() -> new Hello(2, Features.NONE, id, 0, id, Optional.empty(), "n"));
        assertThatIllegal(() -> new Hello(2, Features.NONE, id, 0, nonce, Optional.of(nonce), "n"));
        assertThatIllegal(() -> new Hello(2, Features.NONE, id, 65_536, nonce, Optional.empty(), "n"));
        assertThatIllegal(() -> new Hello(65_536, Features.NONE, id, 0, nonce, Optional.empty(), "n"));
        assertThatIllegal(() -> new Hello(2, Features.NONE, id, 0, nonce, Optional.empty(), ""));
        assertThatIllegal(() -> new Hello(2, Features.NONE, id, 0, nonce, Optional.empty(), "n".repeat(256)));
        assertThatIllegal(() -> new Challenge(2, Features.NONE, id));
        assertThatIllegal(() -> new Proof(id));
        assertThatIllegal(() -> Welcome.unproved(nonce, Features.NONE, 4096, 0, 0));
        assertThatIllegal(() -> Welcome.unproved(id, Features.NONE, 4095, 0, 0));
        assertThatIllegal(() -> Welcome.unproved(id, Features.NONE, 4096, 0x1_0000_0000L, 0));
        assertThatIllegal(() -> Welcome.unproved(id, Features.NONE, 4096, 0, -1));
        assertThatIllegal(() -> Welcome.unproved(id, Features.NONE, 4096, 0, 0).withProof(id));
        assertThatIllegal(() -> new Reject(Reason.LIMIT, false, "m".repeat(1025)));
        assertThatIllegal(() -> new Reject(Reason.LIMIT, false, "a\nb"));
    }

    private static void assertThatIllegal(Supplier<?> building) {
        assertThatThrownBy(building::get).isInstanceOf(IllegalArgumentException.class);
    }
}
