package io.portproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The proofs with which both sides of a greeting show that they know the token (protocol.md, section 2.1). They are
 * those of SCRAM (RFC 5802, section 3, with HMAC-SHA-256 and SHA-256 as in RFC 7677), so that the server does not need
 * the token itself. Each covers a label of its side and the whole greeting so far, as it was on the wire.
 */
public final class Proofs {
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
        return MessageDigest.isEqual(verifier.storedKey(), Hashes.sha256(clientKey));
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
                Hashes.hmac(verifier.serverKey(), SERVER, hello, challenge, proof, Welcome.withoutProof(welcome)));
    }

    private static byte[] remoteSignature(TokenVerifier verifier, byte[] hello, byte[] challenge) {
        return Hashes.hmac(verifier.storedKey(), REMOTE, hello, challenge);
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
