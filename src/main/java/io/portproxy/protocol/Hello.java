package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The remote's first instruction.
 *
 * @param version the version of the dialect, 0 to 65535; this program uses {@link Wire#VERSION}
 * @param features what the remote has
 * @param instance 16 bytes that identify the remote's process, the same in all its tunnels
 * @param tunnelIndex the number of this tunnel among the remote's tunnels, 0 to 65535
 * @param nonce 32 random bytes
 * @param resume the 16 bytes of a session to resume
 * @param name the remote name, 1 to 255 bytes of UTF-8 without control characters
 */
public record Hello(
        int version,
        Features features,
        OpaqueBytes instance,
        int tunnelIndex,
        OpaqueBytes nonce,
        Optional<OpaqueBytes> resume,
        String name)
        implements GreetingInstruction {
    /** The length in bytes of all fields except the session to resume and the name. */
    private static final int FIXED = Wire.MAX_HELLO_BODY - Wire.ID_LENGTH - Wire.MAX_NAME_LENGTH;

    static final int MIN_BODY = FIXED + 1;

    private static final String NAME = "a remote name";

    public Hello {
        InstructionBody.checkUnsigned16(version, "version");
        InstructionBody.checkUnsigned16(tunnelIndex, "tunnel index");
        instance.expect(Wire.ID_LENGTH, "an instance id");
        nonce.expect(Wire.NONCE_LENGTH, "a nonce");
        resume.ifPresent(session -> session.expect(Wire.ID_LENGTH, "a session id"));
        encodedName(name);
    }

    @Override
    public byte[] encode() {
        byte[] nameBytes = encodedName(name);
        int resumeLength = resume.map(session -> Wire.ID_LENGTH).orElse(0);
        return InstructionBody.encode(Wire.HELLO, FIXED + resumeLength + nameBytes.length, out -> {
            out.putShort((short) version).putInt(features.bits());
            instance.write(out);
            out.putShort((short) tunnelIndex);
            nonce.write(out);
            out.put((byte) resumeLength);
            resume.ifPresent(session -> session.write(out));
            out.put(nameBytes);
        });
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. */
    static Hello decode(ByteBuffer body) throws ProtocolException {
        int version = Short.toUnsignedInt(body.getShort());
        Features features = new Features(body.getInt());
        OpaqueBytes instance = OpaqueBytes.read(body, Wire.ID_LENGTH);
        int tunnelIndex = Short.toUnsignedInt(body.getShort());
        OpaqueBytes nonce = OpaqueBytes.read(body, Wire.NONCE_LENGTH);
        int resumeLength = Byte.toUnsignedInt(body.get());
        if (resumeLength != 0 && resumeLength != Wire.ID_LENGTH) {
            throw new ProtocolException("a session to resume of " + resumeLength + " bytes; it must be 0 or 16 bytes");
        }
        if (resumeLength > body.remaining()) {
            throw new ProtocolException("a Hello that ends within the session to resume");
        }
        Optional<OpaqueBytes> resume =
                resumeLength == 0 ? Optional.empty() : Optional.of(OpaqueBytes.read(body, Wire.ID_LENGTH));
        String name = WireText.decode(body, 1, Wire.MAX_NAME_LENGTH, NAME);
        return new Hello(version, features, instance, tunnelIndex, nonce, resume, name);
    }

    private static byte[] encodedName(String name) {
        return WireText.encode(name, 1, Wire.MAX_NAME_LENGTH, NAME);
    }
}
