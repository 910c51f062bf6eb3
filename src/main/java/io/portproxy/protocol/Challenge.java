package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * The proxy server's answer to a Hello.
 *
 * @param version the version of the dialect that the tunnel will use, 0 to 65535
 * @param features {@link Features#NONE}; other values have no meaning yet
 * @param nonce 32 random bytes
 */
public record Challenge(int version, Features features, OpaqueBytes nonce) implements GreetingInstruction {
    static final int BODY = 2 + 4 + Wire.NONCE_LENGTH;

    public Challenge {
        InstructionBody.checkUnsigned16(version, "version");
        nonce.expect(Wire.NONCE_LENGTH, "a nonce");
    }

    @Override
    public byte[] encode() {
        return InstructionBody.encode(Wire.CHALLENGE, BODY, out -> {
            out.putShort((short) version).putInt(features.bits());
            nonce.write(out);
        });
    }

    /** Decodes a body of at least {@link #BODY} bytes. */
    static Challenge decode(ByteBuffer body) {
        return new Challenge(
                Short.toUnsignedInt(body.getShort()),
                new Features(body.getInt()),
                OpaqueBytes.read(body, Wire.NONCE_LENGTH));
    }
}
