package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes the instructions that one side sends in the extended dialect's greeting, in their order. The remote sends a
 * Hello, then a Proof. The proxy server sends a Challenge, then a Welcome, or a Reject in place of either. The decoder
 * checks the code, the version and the length before it waits for the body.
 *
 * <p>Not thread-safe: it belongs to its tunnel's event loop.
 */
public final class GreetingDecoder {
    /** An instruction and the bytes in which it arrived. */
    public static final class Received {
        private final GreetingInstruction instruction;
        private final byte[] bytes;

        private Received(GreetingInstruction instruction, byte[] bytes) {
            this.instruction = instruction;
            this.bytes = bytes;
        }

        /** Returns the decoded instruction. */
        public GreetingInstruction instruction() {
            return instruction;
        }

        /** Returns all of its bytes, including any that a later version has added. The proofs cover these bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public String toString() {
            return instruction.toString();
        }
    }

    private static final int VERSION_LENGTH = 2;

    private final int first;
    private final int second;
    private final boolean rejects;
    private final int maxUndecoded;
    private int decoded;

    private GreetingDecoder(int first, int second, boolean rejects, int maxUndecoded) {
        this.first = first;
        this.second = second;
        this.rejects = rejects;
        this.maxUndecoded = maxUndecoded;
    }

    /** Creates a decoder for a remote's instructions: a Hello, then a Proof. */
    public static GreetingDecoder ofRemote() {
        return new GreetingDecoder(Wire.HELLO, Wire.PROOF, false, Wire.EXTENDED_HEAD + Wire.MAX_HELLO_BODY);
    }

    /**
     * Creates a decoder for a proxy server's instructions: a Challenge, then a Welcome, or a Reject in place of either.
     */
    public static GreetingDecoder ofServer() {
        return new GreetingDecoder(Wire.CHALLENGE, Wire.WELCOME, true, Wire.EXTENDED_HEAD + Wire.MAX_BODY);
    }

    /**
     * Returns the length in bytes of this side's longest instruction. {@link #decode} leaves at most that many bytes
     * unread.
     */
    public int maxUndecoded() {
        return maxUndecoded;
    }

    /**
     * Decodes the next instruction.
     *
     * @param in bytes from the peer; an instruction whose end has not arrived stays unread
     * @return the instruction; empty while it is not complete
     * @throws OtherVersionException for a Hello or a Challenge of another version, whatever the rest contains;
     *     {@code in} is then at the start of the instruction
     * @throws ProtocolException for an instruction that must not come here, or a malformed one; {@code in} is then at
     *     its start
     * @throws IllegalStateException if the greeting has already had its last instruction
     */
    public Optional<Received> decode(ByteBuffer in) throws ProtocolException {
        if (in.remaining() < Wire.CODE_LENGTH) {
            return Optional.empty();
        }
        int start = in.position();
        int code = Short.toUnsignedInt(in.getShort(start));
        checkPlace(code);
        if (in.remaining() < Wire.EXTENDED_HEAD) {
            return Optional.empty();
        }
        long bodyLength = Integer.toUnsignedLong(in.getInt(start + Wire.CODE_LENGTH));
        if (beginsWithVersion(code) && bodyLength >= VERSION_LENGTH) {
            if (in.remaining() < Wire.EXTENDED_HEAD + VERSION_LENGTH) {
                return Optional.empty();
            }
            checkVersion(Short.toUnsignedInt(in.getShort(start + Wire.EXTENDED_HEAD)));
        }
        checkLength(code, bodyLength);
        int length = Wire.EXTENDED_HEAD + (int) bodyLength;
        if (in.remaining() < length) {
            return Optional.empty();
        }
        GreetingInstruction instruction = decodeBody(code, in.slice(start + Wire.EXTENDED_HEAD, (int) bodyLength));
        decoded = code == Wire.REJECT ? 2 : decoded + 1;
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Optional.of(new Received(instruction, bytes));
    }

    private void checkPlace(int code) throws ProtocolException {
        if (decoded == 2) {
            throw new IllegalStateException("the greeting is over");
        }
        int expected = decoded == 0 ? first : second;
        if (code != expected && !(rejects && code == Wire.REJECT)) {
            throw new ProtocolException("instruction " + Wire.codeText(code) + " where " + name(expected)
                    + (rejects ? " or Reject" : "") + " belongs");
        }
    }

    private static boolean beginsWithVersion(int code) {
        return code == Wire.HELLO || code == Wire.CHALLENGE;
    }

    /** Checks the version before everything else: another version may have another layout, and be longer or shorter. */
    private static void checkVersion(int version) throws OtherVersionException {
        if (version != Wire.VERSION) {
            throw new OtherVersionException(version);
        }
    }

    private void checkLength(int code, long length) throws ProtocolException {
        int min = switch (code) {
            case Wire.HELLO -> Hello.MIN_BODY;
            case Wire.CHALLENGE -> Challenge.BODY;
            case Wire.PROOF -> Proof.BODY;
            case Wire.WELCOME -> Welcome.BODY;
            default -> Reject.MIN_BODY;
        };
        int max = code == Wire.REJECT ? Reject.MAX_BODY : maxUndecoded - Wire.EXTENDED_HEAD;
        InstructionBody.checkLength(name(code), length, min, max);
    }

    private static GreetingInstruction decodeBody(int code, ByteBuffer body) throws ProtocolException {
        return switch (code) {
            case Wire.HELLO -> Hello.decode(body);
            case Wire.CHALLENGE -> Challenge.decode(body);
            case Wire.PROOF -> Proof.decode(body);
            case Wire.WELCOME -> Welcome.decode(body);
            default -> Reject.decode(body);
        };
    }

    private static String name(int code) {
        return switch (code) {
            case Wire.HELLO -> "Hello";
            case Wire.CHALLENGE -> "Challenge";
            case Wire.PROOF -> "Proof";
            case Wire.WELCOME -> "Welcome";
            default -> "Reject";
        };
    }
}
