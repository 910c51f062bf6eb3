package io.portproxy.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The proofs of protocol.md, section 2, calculated from the specification and not by the program. */
public final class HandMadeProof {
    private HandMadeProof() {}

    /** The remote's: over Hello and Challenge. */
    public static byte[] remote(String token, Frame hello, Frame challenge) {
        return hmac(token, "portproxy 1 remote", hello.bytes(), challenge.bytes());
    }

    /** The server's: over Hello, Challenge, Proof, and the Welcome without the 32 bytes of its proof, which end at 70. */
    public static byte[] server(String token, Frame hello, Frame challenge, Frame proof, Frame welcome) {
        byte[] whole = welcome.bytes();
        return hmac(
                token,
                "portproxy 1 server",
                hello.bytes(),
                challenge.bytes(),
                proof.bytes(),
                Arrays.copyOf(whole, 38),
                Arrays.copyOfRange(whole, 70, whole.length));
    }

    /** HMAC-SHA-256 over a label, a zero byte and parts; the empty token stands for none, which is 32 zero bytes. */
    public static byte[] hmac(String token, String label, byte[]... parts) {
        try {
            byte[] key = token.isEmpty() ? new byte[32] : token.getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(label.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
