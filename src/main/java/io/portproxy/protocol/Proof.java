package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * The remote's proof that it knows the token.
 *
 * @param proof 32 bytes, from {@link Proofs#remote}
 */
public record Proof(OpaqueBytes proof) implements GreetingInstruction {
    static final int BODY = Wire.PROOF_LENGTH;

    public Proof {
        proof.expect(Wire.PROOF_LENGTH, "a proof");
    }

    @Override
    public byte[] encode() {
        return InstructionBody.encode(Wire.PROOF, BODY, proof::write);
    }

    /** Decodes a body of at least {@link #BODY} bytes. */
    static Proof decode(ByteBuffer body) {
        return new Proof(OpaqueBytes.read(body, Wire.PROOF_LENGTH));
    }
}
