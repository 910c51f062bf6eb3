package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/**
 * The proofs by which both sides of a greeting show that they hold the token (protocol.md, section 2): HMAC-SHA-256
 * (RFC 2104, FIPS 180-4) over a label of the side's own and the whole greeting so far, as it was on the wire. The labels
 * keep one side's proof from being sent back as the other's.
 */
public final class Proofs {
    static final String ALGORITHM = "HmacSHA256";

    private static final byte[] REMOTE = label("portproxy 1 remote");
    private static final byte[] SERVER = label("portproxy 1 server");

    private Proofs() {}

    /**
     * The remote's proof.
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     */
    public static Opaque remote(Token token, byte[] hello, byte[] challenge) {
        return hmac(token, REMOTE, hello, challenge);
    }

    /**
     * The proxy server's proof.
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     * @param proof the whole Proof
     * @param welcome the whole Welcome; its proof's bytes are left out here, so it does not matter what they are
     */
    public static Opaque server(Token token, byte[] hello, byte[] challenge, byte[] proof, byte[] welcome) {
        return hmac(token, SERVER, hello, challenge, proof, Welcome.withoutProof(welcome));
    }

    /** Compares proofs in a time that does not tell how much of them is equal. */
    public static boolean matches(Opaque expected, Opaque actual) {
        return MessageDigest.isEqual(expected.bytes(), actual.bytes());
    }

    private static Opaque hmac(Token token, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(token.key());
            for (byte[] part : parts) {
                mac.update(part);
            }
            return Opaque.of(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] label(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
