package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proofs by which both sides of a greeting show that they know the token (protocol.md, section 2.1): those of SCRAM (RFC 5802,
 * section 3, with HMAC-SHA-256 and SHA-256 as in RFC 7677), so that the server need not have the token. They cover a label of the
 * side's own and the whole greeting so far, as it was on the wire.
 */
public final class Proofs {
    private static final String ALGORITHM = "HmacSHA256";

    private static final byte[] REMOTE = label("remote");
    private static final byte[] SERVER = label("server");

    private Proofs() {}

    /**
     * The remote's proof: ClientKey XOR HMAC(StoredKey, what was said).
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     */
    public static Opaque remote(Token token, byte[] hello, byte[] challenge) {
        return Opaque.of(xor(token.clientKey(), remoteSignature(TokenVerifier.of(token), hello, challenge)));
    }

    /**
     * Whether the remote has proved the token, in a time that does not tell how much of its proof is right: what the proof gives
     * for ClientKey must hash to StoredKey.
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     * @param proof what the remote says that {@link #remote} is
     */
    public static boolean proves(TokenVerifier verifier, byte[] hello, byte[] challenge, Opaque proof) {
        byte[] clientKey = xor(proof.bytes(), remoteSignature(verifier, hello, challenge));
        return MessageDigest.isEqual(verifier.storedKey(), sha256(clientKey));
    }

    /**
     * The proxy server's proof: HMAC(ServerKey, what was said).
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     * @param proof the whole Proof
     * @param welcome the whole Welcome; its proof's bytes are left out here, so it does not matter what they are
     */
    public static Opaque server(TokenVerifier verifier, byte[] hello, byte[] challenge, byte[] proof, byte[] welcome) {
        return Opaque.of(hmac(verifier.serverKey(), SERVER, hello, challenge, proof, Welcome.withoutProof(welcome)));
    }

    private static byte[] remoteSignature(TokenVerifier verifier, byte[] hello, byte[] challenge) {
        return hmac(verifier.storedKey(), REMOTE, hello, challenge);
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] xor(byte[] one, byte[] other) {
        byte[] result = new byte[one.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (one[i] ^ other[i]);
        }
        return result;
    }

    private static byte[] label(String side) {
        return ("portproxy " + Wire.VERSION + ' ' + side + '\0').getBytes(StandardCharsets.US_ASCII);
    }
}
