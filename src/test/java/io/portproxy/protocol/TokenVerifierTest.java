package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what the server keeps of a token. */
class TokenVerifierTest {
    private static final Token TOKEN = Token.of("s3cret");

    /** The expected keys are computed with Python's {@code hmac} and {@code hashlib}. */
    @ParameterizedTest
    @CsvSource({
        "s3cret, fc7e703bdb63c4211726b472eece2c00e7ebbce9c9f17b85215a9b1f17dfe588,"
                + "4eb674a01df1d07f602567940c299f1ac8bde0c59a59f7bd09850177bf1d5ef1",
        "grün, 70302b69840e4bff18be8f0b35680643bb53c45bc9cd7299228956918eb67004,"
                + "6994af404f2b8cf1b9c657292a3e3523bd3e6000843e688be02c88a4acceea9f",
        ", 1ad2e9c88ea3e80a3b5892326ee821216711960e2075e2ee0fb2af4654b4f96e,"
                + "a7b48a7e783ff3137cf91d1798887f63e368d66cc8255229d34d37209304c67d"
    })
    void isTwoKeysMadeOfTheToken(String token, String storedKey, String serverKey) {
        TokenVerifier verifier = TokenVerifier.of(token == null ? Token.NONE : Token.of(token));

        assertThat(HexFormat.of().formatHex(verifier.storedKey())).isEqualTo(storedKey);
        assertThat(HexFormat.of().formatHex(verifier.serverKey())).isEqualTo(serverKey);
    }

    @Test
    void isTheSameWhenItWasKept() {
        TokenVerifier made = TokenVerifier.of(TOKEN);
        TokenVerifier kept = TokenVerifier.of(made.storedKey(), made.serverKey());

        assertThat(kept).isEqualTo(made).hasSameHashCodeAs(made);
        assertThat(TokenVerifier.of(Token.of("s3cret"))).isEqualTo(made);
        assertThat(TokenVerifier.NONE).isEqualTo(TokenVerifier.of(Token.NONE)).isNotEqualTo(made);
    }

    @Test
    void isAnotherWithAnyOtherByte() {
        TokenVerifier made = TokenVerifier.of(TOKEN);
        for (int i = 0; i < TokenVerifier.KEY_LENGTH; i++) {
            byte[] storedKey = made.storedKey();
            byte[] serverKey = made.serverKey();
            storedKey[i] ^= 1;
            serverKey[i] ^= 1;
            assertThat(TokenVerifier.of(storedKey, made.serverKey())).isNotEqualTo(made);
            assertThat(TokenVerifier.of(made.storedKey(), serverKey)).isNotEqualTo(made);
        }
        assertThat(TokenVerifier.of(made.serverKey(), made.storedKey())).isNotEqualTo(made);
    }

    @Test
    void cannotBeChangedFromOutside() {
        byte[] storedKey = new byte[TokenVerifier.KEY_LENGTH];
        byte[] serverKey = new byte[TokenVerifier.KEY_LENGTH];
        TokenVerifier verifier = TokenVerifier.of(storedKey, serverKey);

        Arrays.fill(storedKey, (byte) 1);
        Arrays.fill(serverKey, (byte) 1);
        Arrays.fill(verifier.storedKey(), (byte) 1);
        Arrays.fill(verifier.serverKey(), (byte) 1);

        assertThat(verifier.storedKey()).containsOnly(0);
        assertThat(verifier.serverKey()).containsOnly(0);
    }

    @Test
    void refusesKeysOfAnotherLength() {
        byte[] right = new byte[32];
        for (int length : new int[] {0, 31, 33}) {
            byte[] wrong = new byte[length];
            assertThatThrownBy(() -> TokenVerifier.of(wrong, right)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TokenVerifier.of(right, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void showsNothingOfItself() {
        assertThat(TokenVerifier.of(TOKEN)).hasToString("(verifier)");
        assertThat(TokenVerifier.NONE).hasToString("(verifier)");
    }

    @Test
    void tokensAreEqualAsTheirVerifiersAre() {
        assertThat(Token.of("s3cret")).isEqualTo(TOKEN).hasSameHashCodeAs(TOKEN).isNotEqualTo(Token.NONE);
        assertThat(TOKEN).isNotEqualTo(Token.of("s3cret2"));
    }

    @Test
    void isWrittenAsTextAndReadAgain() {
        TokenVerifier verifier = TokenVerifier.of(TOKEN);
        HexFormat hex = HexFormat.of();

        assertThat(verifier.text())
                .isEqualTo("{scram-sha-256}" + hex.formatHex(verifier.storedKey()) + ":"
                        + hex.formatHex(verifier.serverKey()));
        assertThat(TokenVerifier.parse(verifier.text())).isEqualTo(verifier);
        for (String wrong :
                new String[] {"", "{scram-sha-256}", "{scram-sha-256}00:11", verifier.text() + "0", "s3cret"}) {
            assertThatThrownBy(() -> TokenVerifier.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
