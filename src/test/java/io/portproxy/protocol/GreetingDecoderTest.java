package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.buffer;
import static io.portproxy.protocol.Greetings.bytes;
import static io.portproxy.protocol.Greetings.first;
import static io.portproxy.protocol.Greetings.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the decoder reads the instructions of a greeting one after another, however the bytes are cut. */
class GreetingDecoderTest {
    @Test
    void decodesBothSidesHoweverTheyAreCut() throws ProtocolException {
        checkCuts(
                GreetingDecoder::ofRemote,
                Greetings.RESUMING_HELLO_HEX + Greetings.PROOF_HEX,
                Greetings.RESUMING_HELLO,
                Greetings.A_PROOF);
        checkCuts(
                GreetingDecoder::ofServer,
                Greetings.CHALLENGE_HEX + Greetings.WELCOME_HEX,
                Greetings.CHALLENGE,
                Greetings.WELCOME);
        checkCuts(
                GreetingDecoder::ofServer,
                Greetings.CHALLENGE_HEX + Greetings.REJECT_HEX,
                Greetings.CHALLENGE,
                Greetings.REJECT);
    }

    private static void checkCuts(Supplier<GreetingDecoder> decoders, String hex, GreetingInstruction... expected)
            throws ProtocolException {
        byte[] bytes = bytes(hex);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(decode(decoders.get(), bytes, cut, bytes.length - cut))
                    .as("cut at %d", cut)
                    .containsExactly(expected);
        }
        assertThat(decode(decoders.get(), bytes, 1, 1)).as("byte by byte").containsExactly(expected);
    }

    private static List<GreetingInstruction> decode(GreetingDecoder decoder, byte[] bytes, int firstPart, int nextParts)
            throws ProtocolException {
        List<GreetingInstruction> decoded = new ArrayList<>();
        ByteBuffer in = ByteBuffer.allocate(bytes.length).flip();
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + (at == 0 && firstPart > 0 ? firstPart : nextParts));
            in.compact().put(bytes, at, end - at).flip();
            at = end;
            while (in.hasRemaining()) {
                int start = in.position();
                Optional<GreetingDecoder.Received> received = decoder.decode(in);
                if (received.isEmpty()) {
                    assertThat(in.position()).isEqualTo(start);
                    break;
                }
                decoded.add(received.get().instruction());
            }
        }
        assertThat(in.remaining()).isZero();
        return decoded;
    }

    @Test
    void leavesTheBytesBehindTheGreetingUnread() throws ProtocolException {
        GreetingDecoder decoder = GreetingDecoder.ofServer();
        ByteBuffer in = buffer(Greetings.CHALLENGE_HEX + Greetings.WELCOME_HEX + "001a 00000008");

        decoder.decode(in);
        decoder.decode(in);

        assertThat(in.remaining()).isEqualTo(6);
        assertThatThrownBy(() -> decoder.decode(in)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRejectIsTheLastInstruction() throws ProtocolException {
        GreetingDecoder decoder = GreetingDecoder.ofServer();
        ByteBuffer in = buffer(Greetings.REJECT_HEX + Greetings.WELCOME_HEX);

        assertThat(decoder.decode(in).orElseThrow().instruction()).isEqualTo(Greetings.REJECT);

        assertThatThrownBy(() -> decoder.decode(in)).isInstanceOf(IllegalStateException.class);
    }

    /** The decoder does not read what a later version adds behind a fixed layout, but the proofs include it. */
    @ParameterizedTest
    @CsvSource({
        Greetings.CHALLENGE_HEX + ",00000026,00000028",
        Greetings.PROOF_HEX + ",00000020,00000022",
        Greetings.WELCOME_HEX + ",00000040,00000042"
    })
    void keepsWhatALaterVersionAdds(String hex, String length, String longer) throws ProtocolException {
        String extended = hex.replaceFirst(length, longer) + "cafe";

        GreetingDecoder.Received received = first(extended);

        assertThat(received.instruction()).isEqualTo(first(hex).instruction());
        assertThat(received.bytes()).isEqualTo(bytes(extended));
    }

    /** The decoder refuses the length field before more of the body than the version has come. */
    @ParameterizedTest
    @CsvSource({
        "0010 00000039 0002, Hello with a body of 57 bytes; it must be 58 to 328 bytes",
        "0010 00000149 0002, Hello with a body of 329 bytes; it must be 58 to 328 bytes",
        "0010 ffffffff 0002, Hello with a body of 4294967295 bytes; it must be 58 to 328 bytes",
        "0011 00000025 0002, Challenge with a body of 37 bytes; it must be 38 to 4096 bytes",
        "0011 00001001 0002, Challenge with a body of 4097 bytes; it must be 38 to 4096 bytes",
        "0012 0000001f, Proof with a body of 31 bytes; it must be 32 to 328 bytes",
        "0012 00000149, Proof with a body of 329 bytes; it must be 32 to 328 bytes",
        "0013 0000003f, Welcome with a body of 63 bytes; it must be 64 to 4096 bytes",
        "0013 80000000, Welcome with a body of 2147483648 bytes; it must be 64 to 4096 bytes",
        "0014 00000002, Reject with a body of 2 bytes; it must be 3 to 1027 bytes",
        "0014 00000404, Reject with a body of 1028 bytes; it must be 3 to 1027 bytes"
    })
    void refusesALengthByItsClaim(String hex, String message) {
        refused(hex, message);
    }

    /** Two bytes are enough to see that the peer does not speak the extended dialect. */
    @ParameterizedTest
    @ValueSource(strings = {"0000", "0002", "0003", "0011", "0012", "0013", "0014", "0015", "0020", "1603", "4745"})
    void aRemoteBeginsWithHello(String code) {
        ByteBuffer in = buffer(code);

        assertThatThrownBy(() -> GreetingDecoder.ofRemote().decode(in))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("instruction 0x" + code + " where Hello belongs");
        assertThat(in.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000", "0002", "0010", "0012", "0013", "0015", "7fff", "1503"})
    void aServerBeginsWithChallengeOrReject(String code) {
        assertThatThrownBy(() -> GreetingDecoder.ofServer().decode(buffer(code)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("instruction 0x" + code + " where Challenge or Reject belongs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0010", "0002", "0014", "0020"})
    void aRemoteGoesOnWithProof(String code) throws ProtocolException {
        GreetingDecoder decoder = GreetingDecoder.ofRemote();
        decoder.decode(buffer(Greetings.HELLO_HEX));

        assertThatThrownBy(() -> decoder.decode(buffer(code)))
                .hasMessage("instruction 0x" + code + " where Proof belongs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0011", "0015", "001f"})
    void aServerGoesOnWithWelcomeOrReject(String code) throws ProtocolException {
        GreetingDecoder decoder = GreetingDecoder.ofServer();
        decoder.decode(buffer(Greetings.CHALLENGE_HEX));

        assertThatThrownBy(() -> decoder.decode(buffer(code)))
                .hasMessage("instruction 0x" + code + " where Welcome or Reject belongs");
    }
}
