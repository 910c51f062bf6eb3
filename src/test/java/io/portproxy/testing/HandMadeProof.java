package io.portproxy.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The proofs of protocol.md, section 2.1, calculated from the specification and not by the program. */
public final class HandMadeProof {
    private HandMadeProof() {}

    /** The remote's: over Hello and Challenge. */
    public static byte[] remote(String token, Instruction hello, Instruction challenge) {
        return xor(clientKey(token), remoteSignature(token, hello, challenge));
    }

    /** The server's: over Hello, Challenge, Proof, and the Welcome without the 32 bytes of its proof, which end at 70. */
    public static byte[] server(
            String token, Instruction hello, Instruction challenge, Instruction proof, Instruction welcome) {
        return serverKeyedBy(serverKey(token), hello, challenge, proof, welcome);
    }

    /** The server's, with another key than that of a token. */
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

    /** What is not secret once StoredKey is not: the remote's proof without ClientKey. */
    public static byte[] remoteSignature(String token, Instruction hello, Instruction challenge) {
        return hmac(storedKey(token), Bytes.of("portproxy 2 remote\0"), hello.bytes(), challenge.bytes());
    }

    /** What only a remote has, of a token; the empty one stands for none, which is 32 zero bytes. */
    public static byte[] clientKey(String token) {
        return hmac(secret(token), Bytes.of("Client Key"));
    }

    /** What a server checks a remote with. */
    public static byte[] storedKey(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(clientKey(token));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a server proves itself with. */
    public static byte[] serverKey(String token) {
        return hmac(secret(token), Bytes.of("Server Key"));
    }

    private static byte[] secret(String token) {
        return token.isEmpty() ? new byte[32] : token.getBytes(StandardCharsets.UTF_8);
    }

    /** HMAC-SHA-256 over parts. */
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

    /** Each byte of one with the other's at its place. */
    public static byte[] xor(byte[] one, byte[] other) {
        byte[] result = one.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= other[i];
        }
        return result;
    }
}
