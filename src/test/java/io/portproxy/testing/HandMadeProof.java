package io.portproxy.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The proofs of protocol.md, section 2.1, calculated from the specification without the program's code. */
public final class HandMadeProof {
    private HandMadeProof() {}

    /** Returns the remote's proof, which is made over Hello and Challenge. */
    public static byte[] remote(String token, Instruction hello, Instruction challenge) {
        return xor(clientKey(token), remoteSignature(token, hello, challenge));
    }

    /** Returns the server's proof. It is made over Hello, Challenge, Proof and the Welcome without its own 32 bytes, which end at byte 70. */
    public static byte[] server(
            String token, Instruction hello, Instruction challenge, Instruction proof, Instruction welcome) {
        return serverKeyedBy(serverKey(token), hello, challenge, proof, welcome);
    }

    /** Returns the server's proof, made with a key that need not be a token's. */
    public static byte[] serverKeyedBy(
            byte[] key, Instruction hello, Instruction challenge, Instruction proof, Instruction welcome) {
        byte[] whole = welcome.bytes();
        return hmac(
                key,
                Bytes.of("portproxy 2 server\0"),
                hello.bytes(),
                challenge.bytes(),
                proof.bytes(),
                Arrays.copyOf(whole, 38),
                Arrays.copyOfRange(whole, 70, whole.length));
    }

    /** Returns the remote's proof without ClientKey. Who knows StoredKey can calculate it. */
    public static byte[] remoteSignature(String token, Instruction hello, Instruction challenge) {
        return hmac(storedKey(token), Bytes.of("portproxy 2 remote\0"), hello.bytes(), challenge.bytes());
    }

    /** Returns ClientKey of a token, which only a remote has. An empty token means no token: its secret is 32 zero bytes. */
    public static byte[] clientKey(String token) {
        return hmac(secret(token), Bytes.of("Client Key"));
    }

    /** Returns StoredKey, with which a server checks a remote. */
    public static byte[] storedKey(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(clientKey(token));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns ServerKey, with which a server proves that it knows the token. */
    public static byte[] serverKey(String token) {
        return hmac(secret(token), Bytes.of("Server Key"));
    }

    private static byte[] secret(String token) {
        return token.isEmpty() ? new byte[32] : token.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns HMAC-SHA-256 over the parts. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the XOR of two arrays of the same length. */
    public static byte[] xor(byte[] one, byte[] other) {
        byte[] result = one.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= other[i];
        }
        return result;
    }
}
