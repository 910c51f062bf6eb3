package io.portproxy.protocol;

import static io.portproxy.protocol.Greetings.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProofsTest {
    private static final Token TOKEN = Token.of("s3cret");
    private static final TokenVerifier VERIFIER = TokenVerifier.of(TOKEN);
    private static final byte[] HELLO = bytes(Greetings.HELLO_HEX);
    private static final byte[] CHALLENGE = bytes(Greetings.CHALLENGE_HEX);
    private static final byte[] WELCOME = bytes(Greetings.WELCOME_HEX);

    /** Proofs, computed with Python's {@code hmac} and {@code hashlib} over the bytes that {@link Greetings} has in hexadecimal digits. */
    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of(
                        "a token",
                        TOKEN,
                        "11ccc42d7cb34e2a7169c7a0b7d820c16136cf30d13ceaa502ddd48ab447a68d",
                        "e35f2bcba6514afc416521470c450017aad2caa4eefee54290282b1532a685c6"),
                Arguments.of(
                        "a token beyond ASCII",
                        Token.of("grün"),
                        "3d38094f95a0e9a3e2176e9a80e5948085287d6a0553a9a764dd0f33cecf6353",
                        "5ddcca897086b2151f8435e263a690bd025b6f6611ce789a775cfc9a9f8ac7e4"),
                Arguments.of(
                        "a token longer than a block of SHA-256",
                        Token.of("x".repeat(100)),
                        "098cdc585dc28019e411b98a70d26d9ea3ea09b7b213e9037fd2218a37164c16",
                        "66501a5e02c392c0f031cb871f67fd2954bf5c63c5218b48acc2209df2fed5e4"),
                Arguments.of(
                        "no token",
                        Token.NONE,
                        "0731355e8c888f918194fcabb727daa48284209f8a43d2e0adf24c4af91f7ec4",
                        "31d56dd18f9c0af83020602d4322242273a667dde7c068acf405dcda05041fa3"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void areTheStatedBytes(String what, Token token, String remote, String server) {
        OpaqueBytes remoteProof = Proofs.remote(token, HELLO, CHALLENGE);
        byte[] proof = new Proof(remoteProof).encode();

        assertThat(remoteProof.hex()).isEqualTo(remote);
        assertThat(Proofs.proves(TokenVerifier.of(token), HELLO, CHALLENGE, remoteProof))
                .isTrue();
        assertThat(Proofs.server(TokenVerifier.of(token), HELLO, CHALLENGE, proof, WELCOME)
                        .hex())
                .isEqualTo(server);
    }

    @Test
    void theServersIsTheSameBeforeAndAfterItIsInTheWelcome() {
        Welcome unproved = Welcome.unproved(Greetings.opaque(Greetings.SESSION), Features.NONE, 262_144, 15_000, 0);
        byte[] proof = new Proof(Proofs.remote(TOKEN, HELLO, CHALLENGE)).encode();

        OpaqueBytes sent = Proofs.server(VERIFIER, HELLO, CHALLENGE, proof, unproved.encode());
        Welcome welcome = unproved.withProof(sent);

        assertThat(welcome.proof()).isEqualTo(sent);
        assertThat(Proofs.server(VERIFIER, HELLO, CHALLENGE, proof, welcome.encode()))
                .isEqualTo(sent);
        assertThat(sent.hex()).isEqualTo("e35f2bcba6514afc416521470c450017aad2caa4eefee54290282b1532a685c6");
    }

    @Test
    void theServersCoversWhatALaterVersionAddsToAWelcome() {
        byte[] proof = new Proof(Proofs.remote(TOKEN, HELLO, CHALLENGE)).encode();
        byte[] longer = bytes(Greetings.WELCOME_HEX.replace("00000040", "00000042") + "cafe");

        assertThat(Proofs.server(VERIFIER, HELLO, CHALLENGE, proof, longer).hex())
                .isEqualTo("963808960381a91739dd0c9285741c27541190419ce470e19e0acddba9470af3");
    }

    @Test
    void changeWithEveryByteOfTheGreeting() {
        OpaqueBytes remote = Proofs.remote(TOKEN, HELLO, CHALLENGE);
        byte[] proof = new Proof(remote).encode();
        OpaqueBytes server = Proofs.server(VERIFIER, HELLO, CHALLENGE, proof, WELCOME);
        byte[][] greeting = {HELLO, CHALLENGE, proof, WELCOME};
        for (int part = 0; part < greeting.length; part++) {
            int end = part == 3 ? 38 : greeting[part].length; // the Welcome's own proof is behind that
            for (int i = 0; i < end; i++) {
                byte[][] changed = greeting.clone();
                changed[part] = greeting[part].clone();
                changed[part][i] ^= 1;
                assertThat(Proofs.server(VERIFIER, changed[0], changed[1], changed[2], changed[3]))
                        .as("part %d, byte %d", part, i)
                        .isNotEqualTo(server);
                assertThat(Proofs.proves(VERIFIER, changed[0], changed[1], remote))
                        .as("part %d, byte %d", part, i)
                        .isEqualTo(part > 1);
            }
        }
    }

    @Test
    void everyBitOfTheRemotesCounts() {
        byte[] right = Proofs.remote(TOKEN, HELLO, CHALLENGE).bytes();
        for (int bit = 0; bit < 8 * right.length; bit++) {
            byte[] wrong = right.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Proofs.proves(VERIFIER, HELLO, CHALLENGE, OpaqueBytes.of(wrong)))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    /** Nobody can send one side's proof back as the other's, not even over the same bytes, because the keys and the labels differ. */
    @Test
    void differBySideForTheSameBytes() {
        byte[] nothing = {};
        byte[] onlyAProof = bytes("0013 00000040" + "00".repeat(32) + "00".repeat(32));

        OpaqueBytes server = Proofs.server(VERIFIER, nothing, nothing, nothing, onlyAProof);
        byte[] said = Welcome.withoutProof(onlyAProof);

        assertThat(Proofs.remote(TOKEN, said, nothing)).isNotEqualTo(server);
        assertThat(Proofs.proves(VERIFIER, said, nothing, server)).isFalse();
        TokenVerifier oneKeyForBoth = TokenVerifier.of(VERIFIER.storedKey(), VERIFIER.storedKey());
        assertThat(Proofs.server(oneKeyForBoth, nothing, nothing, nothing, onlyAProof))
                .as("without the labels")
                .isNotEqualTo(signature(said, nothing));
    }

    /** Returns the signature in the remote's proof, which is the proof without ClientKey. */
    private static OpaqueBytes signature(byte[] hello, byte[] challenge) {
        byte[] bytes = Proofs.remote(TOKEN, hello, challenge).bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= TOKEN.clientKey()[i];
        }
        return OpaqueBytes.of(bytes);
    }

    @Test
    void needTheToken() {
        for (Token other : List.of(Token.of("s3cret "), Token.NONE)) {
            assertThat(Proofs.proves(VERIFIER, HELLO, CHALLENGE, Proofs.remote(other, HELLO, CHALLENGE)))
                    .isFalse();
        }
        assertThat(Proofs.proves(VERIFIER, HELLO, CHALLENGE, Proofs.remote(Token.of("s3cret"), HELLO, CHALLENGE)))
                .isTrue();
    }

    /** Somebody who steals what the server keeps cannot act as the remote. Neither key is the proof, and neither key makes it. */
    @Test
    void cannotBeMadeOfWhatTheServerKeeps() {
        for (byte[] key : List.of(VERIFIER.storedKey(), VERIFIER.serverKey())) {
            byte[] guess = signature(HELLO, CHALLENGE).bytes();
            for (int i = 0; i < guess.length; i++) {
                guess[i] ^= key[i];
            }
            assertThat(Proofs.proves(VERIFIER, HELLO, CHALLENGE, OpaqueBytes.of(key)))
                    .isFalse();
            assertThat(Proofs.proves(VERIFIER, HELLO, CHALLENGE, OpaqueBytes.of(guess)))
                    .isFalse();
        }
    }

    /** HMAC pads a key with zero bytes. Each of these tokens would therefore be as good as no token, or as the token without the zero bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "s3cret\0", "\0s3cret"})
    void aTokenIsNeverAsGoodAsNone(String text) {
        assertThatThrownBy(() -> Token.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretsAreNotInAnyText() {
        String shown = Token.of("s3cret") + " " + VERIFIER + Greetings.RESUMING_HELLO + Greetings.CHALLENGE
                + Greetings.A_PROOF + Greetings.WELCOME;

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
        OpaqueBytes opaque = OpaqueBytes.of(bytes);
        bytes[0] = 9;
        opaque.bytes()[1] = 9;

        assertThat(opaque.bytes()).containsExactly(1, 2, 3);
        assertThat(opaque)
                .isEqualTo(OpaqueBytes.of(new byte[] {1, 2, 3}))
                .isNotEqualTo(OpaqueBytes.of(new byte[] {1, 2, 4}));
        assertThat(opaque).hasSameHashCodeAs(OpaqueBytes.of(new byte[] {1, 2, 3}));
    }

    @Test
    void noncesAndIdsHaveTheirLengthsAndDiffer() {
        SecureRandom random = new SecureRandom();

        assertThat(OpaqueBytes.nonce(random).bytes()).hasSize(32);
        assertThat(OpaqueBytes.id(random).bytes()).hasSize(16);
        assertThat(OpaqueBytes.nonce(random)).isNotEqualTo(OpaqueBytes.nonce(random));
        assertThat(OpaqueBytes.id(random)).isNotEqualTo(OpaqueBytes.id(random));
    }
}
