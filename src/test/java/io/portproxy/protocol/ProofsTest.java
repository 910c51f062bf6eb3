package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofsTest {
    private static final Token TOKEN = Token.of("s3cret");
    private static final byte[] HELLO = bytes(Greetings.HELLO_HEX);
    private static final byte[] CHALLENGE = bytes(Greetings.CHALLENGE_HEX);
    private static final byte[] WELCOME = bytes(Greetings.WELCOME_HEX);

    /** Computed with Python's {@code hmac} over the bytes that {@link Greetings} has in hexadecimal digits. */
    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of(
                        "a token",
                        TOKEN,
                        "b12040bdc5cf2dda9e3a029e20d03e6ba07628926e3753ef5e111d9bab598113",
                        "16ce74345cfa107d828b70c7c4fe81f15daa1b28f283399f2e97470ace5be728"),
                Arguments.of(
                        "a token beyond ASCII",
                        Token.of("grün"),
                        "84d482f118825e8edd3e5f9d0291cbd5d2dfc6a0b3e7cce1e79e9a5108945c8b",
                        "489f901b6634ed01230adc257cd98ed2a30f2a511fe75893b3468806365c76d2"),
                Arguments.of(
                        "a token longer than a block of SHA-256",
                        Token.of("x".repeat(100)),
                        "ae878e17d2df57e23998b131694dc51ceae8245c9b8164f4b7f94386fb7c27ef",
                        "89410f9c6ff813c9fc1d4e949e87230b5d783092eacfe450a824a14ee28aab1c"),
                Arguments.of(
                        "no token",
                        Token.NONE,
                        "2cdda4cb36288522a3409ed52a0626b441d96a043d1c0522aaee89e41b86fab9",
                        "edc18fc1c99766fe0b9bf6c3ad1296478abd7bde7014780c4d7cd57a9d3bffc7"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areTheStatedHmacs(String what, Token token, String remote, String server) {
        Opaque remoteProof = Proofs.remote(token, HELLO, CHALLENGE);
        byte[] proof = new Proof(remoteProof).encode();

        assertThat(remoteProof.hex()).isEqualTo(remote);
        assertThat(Proofs.server(token, HELLO, CHALLENGE, proof, WELCOME).hex()).isEqualTo(server);
    }

    @Test
    void theServersIsTheSameBeforeAndAfterItIsInTheWelcome() {
        Welcome unproved = Welcome.unproved(Greetings.opaque(Greetings.SESSION), 0, 262_144, 15_000, 0);
        byte[] proof = new Proof(Proofs.remote(TOKEN, HELLO, CHALLENGE)).encode();

        Opaque sent = Proofs.server(TOKEN, HELLO, CHALLENGE, proof, unproved.encode());
        Welcome welcome = unproved.withProof(sent);

        assertThat(welcome.proof()).isEqualTo(sent);
        assertThat(Proofs.server(TOKEN, HELLO, CHALLENGE, proof, welcome.encode()))
                .isEqualTo(sent);
        assertThat(sent.hex()).isEqualTo("16ce74345cfa107d828b70c7c4fe81f15daa1b28f283399f2e97470ace5be728");
    }

    @Test
    void theServersCoversWhatALaterVersionAddsToAWelcome() {
        byte[] proof = new Proof(Proofs.remote(TOKEN, HELLO, CHALLENGE)).encode();
        byte[] longer = bytes(Greetings.WELCOME_HEX.replace("00000040", "00000042") + "cafe");

        assertThat(Proofs.server(TOKEN, HELLO, CHALLENGE, proof, longer).hex())
                .isEqualTo("bc6d572d1b147496bac172f9795dc5086f63cc4ad729c7c3ef1354fd2d85c955");
    }

    @Test
    void changeWithEveryByteOfTheGreeting() {
        Opaque remote = Proofs.remote(TOKEN, HELLO, CHALLENGE);
        byte[] proof = new Proof(remote).encode();
        Opaque server = Proofs.server(TOKEN, HELLO, CHALLENGE, proof, WELCOME);
        byte[][] greeting = {HELLO, CHALLENGE, proof, WELCOME};
        for (int part = 0; part < greeting.length; part++) {
            int end = part == 3 ? 38 : greeting[part].length; // behind that is the Welcome's own proof
            for (int i = 0; i < end; i++) {
                byte[][] changed = greeting.clone();
                changed[part] = greeting[part].clone();
                changed[part][i] ^= 1;
                assertThat(Proofs.matches(server, Proofs.server(TOKEN, changed[0], changed[1], changed[2], changed[3])))
                        .as("part %d, byte %d", part, i)
                        .isFalse();
                assertThat(Proofs.matches(remote, Proofs.remote(TOKEN, changed[0], changed[1])))
                        .as("part %d, byte %d", part, i)
                        .isEqualTo(part > 1);
            }
        }
    }

    /** Nobody can send one side's proof back as the other's: the labels differ. */
    @Test
    void differBySideForTheSameBytes() {
        byte[] nothing = {};
        byte[] onlyAProof = bytes("0013 00000040" + "00".repeat(32) + "00".repeat(32));

        Opaque server = Proofs.server(TOKEN, nothing, nothing, nothing, onlyAProof);

        assertThat(Proofs.matches(server, Proofs.remote(TOKEN, Welcome.withoutProof(onlyAProof), nothing)))
                .isFalse();
    }

    @Test
    void needTheToken() {
        Opaque remote = Proofs.remote(TOKEN, HELLO, CHALLENGE);

        assertThat(Proofs.matches(Proofs.remote(Token.of("s3cret"), HELLO, CHALLENGE), remote))
                .isTrue();
        assertThat(Proofs.matches(Proofs.remote(Token.of("s3cret "), HELLO, CHALLENGE), remote))
                .isFalse();
        assertThat(Proofs.matches(Proofs.remote(Token.NONE, HELLO, CHALLENGE), remote))
                .isFalse();
    }

    /** HMAC fills a key up with zero bytes: each of these would be as good as none, or as the token without them. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "s3cret\0", "\0s3cret"})
    void aTokenIsNeverAsGoodAsNone(String text) {
        assertThatThrownBy(() -> Token.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretsAreNotInAnyText() {
        String shown = Token.of("s3cret") + " " + Greetings.RESUMING_HELLO + Greetings.CHALLENGE + Greetings.A_PROOF
                + Greetings.WELCOME;

        assertThat(shown)
                .contains("bü", "initialWindow=262144")
                .doesNotContain("s3cret")
                .doesNotContainIgnoringCase(Greetings.REMOTE_NONCE.substring(0, 8))
                .doesNotContainIgnoringCase(Greetings.SERVER_NONCE.substring(0, 8))
                .doesNotContainIgnoringCase(Greetings.SESSION.substring(0, 8))
                .doesNotContainIgnoringCase(Greetings.PROOF.substring(0, 8));
        assertThat(Token.NONE).hasToString("no token");
    }

    @Test
    void opaqueBytesCannotBeChangedFromOutside() {
        byte[] bytes = {1, 2, 3};
        Opaque opaque = Opaque.of(bytes);
        bytes[0] = 9;
        opaque.bytes()[1] = 9;

        assertThat(opaque.bytes()).containsExactly(1, 2, 3);
        assertThat(opaque).isEqualTo(Opaque.of(new byte[] {1, 2, 3})).isNotEqualTo(Opaque.of(new byte[] {1, 2, 4}));
        assertThat(opaque).hasSameHashCodeAs(Opaque.of(new byte[] {1, 2, 3}));
    }

    @Test
    void noncesAndIdsHaveTheirLengthsAndDiffer() {
        SecureRandom random = new SecureRandom();

        assertThat(Opaque.nonce(random).bytes()).hasSize(32);
        assertThat(Opaque.id(random).bytes()).hasSize(16);
        assertThat(Opaque.nonce(random)).isNotEqualTo(Opaque.nonce(random));
        assertThat(Opaque.id(random)).isNotEqualTo(Opaque.id(random));
    }
}
