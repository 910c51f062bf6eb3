package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the example of protocol.md, section 2.1, which the author of another peer may use. */
class SpecifiedProofsTest {
    private static final Token TOKEN = Token.of("correct horse battery staple");

    private static OpaqueBytes opaque(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return OpaqueBytes.of(bytes);
    }

    private static String line(String name, byte[] value) {
        return String.format("%-20s%s", name, HexFormat.of().formatHex(value));
    }

    @Test
    void areThoseOfTheSpecification() throws IOException {
        TokenVerifier verifier = TokenVerifier.of(TOKEN);
        byte[] hello = new Hello(2, Features.NONE, opaque(1, 16), 0, opaque(2, 32), Optional.empty(), "r1").encode();
        byte[] challenge = new Challenge(2, Features.NONE, opaque(3, 32)).encode();
        OpaqueBytes remotes = Proofs.remote(TOKEN, hello, challenge);
        byte[] welcome =
                Welcome.unproved(opaque(4, 16), Features.NONE, 262_144, 5000, 0).encode();
        OpaqueBytes servers = Proofs.server(verifier, hello, challenge, new Proof(remotes).encode(), welcome);

        assertThat(Files.readString(Path.of("src/docs/protocol.md")))
                .contains(
                        line("ClientKey", TOKEN.clientKey()),
                        line("StoredKey", verifier.storedKey()),
                        line("ServerKey", verifier.serverKey()),
                        line("the remote's proof", remotes.bytes()),
                        line("the server's proof", servers.bytes()));
    }
}
