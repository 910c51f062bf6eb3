package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes what one side sends of the extended dialect's greeting, in its order: the remote a Hello, then a Proof; the
 * proxy server a Challenge, then a Welcome, or at either place a Reject. The code, the version and the length are checked
 * before the body is waited for.
 *
 * <p>Not thread-safe: belongs to its tunnel's event loop.
 */
public final class GreetingDecoder {
    /** An instruction as it came. */
    public static final class Received {
        private final GreetingInstruction instruction;
        private final byte[] bytes;

        private Received(GreetingInstruction instruction, byte[] bytes) {
            this.instruction = instruction;
            this.bytes = bytes;
        }

        /** What it says. */
        public GreetingInstruction instruction() {
            return instruction;
        }

        /** The whole of it, what a later version may have added included: what the proofs are made over. */
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

    /** For what a remote sends: a Hello, then a Proof. */
    public static GreetingDecoder ofRemote() {
        return new GreetingDecoder(Wire.HELLO, Wire.PROOF, false, Wire.EXTENDED_HEAD + Wire.MAX_HELLO_BODY);
    }

    /** For what a proxy server sends: a Challenge, then a Welcome; instead of either a Reject. */
    public static GreetingDecoder ofServer() {
        return new GreetingDecoder(Wire.CHALLENGE, Wire.WELCOME, true, Wire.EXTENDED_HEAD + Wire.MAX_BODY);
    }

    /** The longest instruction of this side in bytes, and so the most that {@link #decode} leaves unread. */
    public int maxUndecoded() {
        return maxUndecoded;
    }

    /**
     * Decodes the next instruction.
     *
     * @param in bytes as they came from the peer; an instruction whose end is not there yet stays unread
     * @return the instruction, once it is whole
     * @throws OtherVersionException for a Hello or a Challenge of another version, whatever else it has; {@code in} is then at
     *     its start
     * @throws ProtocolException for another instruction than belongs here, or a bad one; {@code in} is then at its start
     * @throws IllegalStateException the greeting has had its last instruction
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
            throw new ProtocolException("instruction " + InstructionBody.codeText(code) + " where " + name(expected)
                    + (rejects ? " or Reject" : "") + " belongs");
        }
    }

    private static boolean beginsWithVersion(int code) {
        return code == Wire.HELLO || code == Wire.CHALLENGE;
    }

    /** Ahead of anything else: another version may lay out the rest otherwise, and be longer or shorter. */
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
