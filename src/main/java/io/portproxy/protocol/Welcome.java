package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The proxy server's answer that it accepts the tunnel.
 *
 * @param session 16 bytes that identify the session
 * @param features what the tunnel uses
 * @param initialWindow how many bytes each direction of a new stream may send at first, {@link Wire#MIN_INITIAL_WINDOW}
 *     to {@link Wire#MAX_INITIAL_WINDOW}
 * @param keepAliveMillis the silence after which a side sends a Ping, in milliseconds, 0 to 2^32-1
 * @param resumeMillis how long a lost session can be resumed, in milliseconds, 0 (not at all) to 2^32-1
 * @param proof the server's 32 bytes, from {@link Proofs#server}
 */
public record Welcome(
        OpaqueBytes session,
        Features features,
        int initialWindow,
        long keepAliveMillis,
        long resumeMillis,
        OpaqueBytes proof)
        implements GreetingInstruction {
    static final int BODY = Wire.ID_LENGTH + 4 + 4 + 4 + 4 + Wire.PROOF_LENGTH;

    private static final int PROOF_START = Wire.EXTENDED_HEAD + BODY - Wire.PROOF_LENGTH;
    private static final OpaqueBytes UNPROVED = OpaqueBytes.of(new byte[Wire.PROOF_LENGTH]);

    public Welcome {
        session.expect(Wire.ID_LENGTH, "a session id");
        if (initialWindow < Wire.MIN_INITIAL_WINDOW || initialWindow > Wire.MAX_INITIAL_WINDOW) {
            throw new IllegalArgumentException("initial window " + initialWindow);
        }
        InstructionBody.checkUnsigned32(keepAliveMillis, "keep-alive");
        InstructionBody.checkUnsigned32(resumeMillis, "resume");
        proof.expect(Wire.PROOF_LENGTH, "a proof");
    }

    /** Creates a Welcome without a proof. The bytes of the proof are zeros until {@link #withProof}. */
    public static Welcome unproved(
            OpaqueBytes session, Features features, int initialWindow, long keepAliveMillis, long resumeMillis) {
        return new Welcome(session, features, initialWindow, keepAliveMillis, resumeMillis, UNPROVED);
    }

    /** Returns the same Welcome with that proof. */
    public Welcome withProof(OpaqueBytes other) {
        return new Welcome(session, features, initialWindow, keepAliveMillis, resumeMillis, other);
    }

    @Override
    public byte[] encode() {
        return InstructionBody.encode(Wire.WELCOME, BODY, out -> {
            session.write(out);
            out.putInt(features.bits()).putInt(initialWindow);
            out.putInt((int) keepAliveMillis).putInt((int) resumeMillis);
            proof.write(out);
        });
    }

    /** Decodes a body of at least {@link #BODY} bytes. */
    static Welcome decode(ByteBuffer body) throws ProtocolException {
        OpaqueBytes session = OpaqueBytes.read(body, Wire.ID_LENGTH);
        Features features = new Features(body.getInt());
        long initialWindow = Integer.toUnsignedLong(body.getInt());
        if (initialWindow < Wire.MIN_INITIAL_WINDOW || initialWindow > Wire.MAX_INITIAL_WINDOW) {
            throw new ProtocolException("an initial window of " + initialWindow + " bytes; it must be "
                    + Wire.MIN_INITIAL_WINDOW + " to " + Wire.MAX_INITIAL_WINDOW + " bytes");
        }
        return new Welcome(
                session,
                features,
                (int) initialWindow,
                Integer.toUnsignedLong(body.getInt()),
                Integer.toUnsignedLong(body.getInt()),
                OpaqueBytes.read(body, Wire.PROOF_LENGTH));
    }

    /**
     * Returns a whole Welcome without the bytes of the proof, but with the bytes that a later version may have after
     * the proof.
     */
    static byte[] withoutProof(byte[] welcome) {
        int proofEnd = PROOF_START + Wire.PROOF_LENGTH;
        byte[] rest = Arrays.copyOf(welcome, welcome.length - Wire.PROOF_LENGTH);
        System.arraycopy(welcome, proofEnd, rest, PROOF_START, welcome.length - proofEnd);
        return rest;
    }
}
