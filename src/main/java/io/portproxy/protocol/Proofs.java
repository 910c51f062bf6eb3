package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proofs with which both sides of a greeting show that they know the token (protocol.md, section 2.1). They are
 * those of SCRAM (RFC 5802, section 3, with HMAC-SHA-256 and SHA-256 as in RFC 7677), so that the server does not need
 * the token itself. Each covers a label of its side and the whole greeting so far, as it was on the wire.
 */
public final class Proofs {
    private static final String ALGORITHM = "HmacSHA256";

    private static final byte[] REMOTE = label("remote");
    private static final byte[] SERVER = label("server");

    private Proofs() {}

    /**
     * Returns the remote's proof: ClientKey XOR HMAC(StoredKey, label and greeting so far).
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     */
    public static OpaqueBytes remote(Token token, byte[] hello, byte[] challenge) {
        return OpaqueBytes.of(xor(token.clientKey(), remoteSignature(TokenVerifier.of(token), hello, challenge)));
    }

    /**
     * Returns whether the remote has proved that it knows the token: the ClientKey that follows from the proof must
     * hash to StoredKey. The time that this takes does not depend on how much of the proof is right.
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     * @param proof the remote's proof, which should be the value of {@link #remote}
     */
    public static boolean proves(TokenVerifier verifier, byte[] hello, byte[] challenge, OpaqueBytes proof) {
        byte[] clientKey = xor(proof.bytes(), remoteSignature(verifier, hello, challenge));
        return MessageDigest.isEqual(verifier.storedKey(), sha256(clientKey));
    }

    /**
     * Returns the proxy server's proof: HMAC(ServerKey, label and greeting so far).
     *
     * @param hello the whole Hello, with code and length
     * @param challenge the whole Challenge
     * @param proof the whole Proof
     * @param welcome the whole Welcome; this method leaves the bytes of its proof out, so their values do not matter
     */
    public static OpaqueBytes server(
            TokenVerifier verifier, byte[] hello, byte[] challenge, byte[] proof, byte[] welcome) {
        return OpaqueBytes.of(
                hmac(verifier.serverKey(), SERVER, hello, challenge, proof, Welcome.withoutProof(welcome)));
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
