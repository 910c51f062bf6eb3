package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The common parts of the instructions with {@code code 16, length 32, body}. */
final class InstructionBody {
    private InstructionBody() {}

    /**
     * Encodes a whole instruction, including code and length.
     *
     * @param body puts exactly {@code bodyLength} bytes
     */
    static byte[] encode(int code, int bodyLength, Consumer<ByteBuffer> body) {
        byte[] bytes = new byte[Wire.EXTENDED_HEAD + bodyLength];
        ByteBuffer out = ByteBuffer.wrap(bytes).putShort((short) code).putInt(bodyLength);
        body.accept(out);
        return bytes;
    }

    /** Checks the length that a peer claims. */
    static void checkLength(String name, long length, int min, int max) throws ProtocolException {
        if (length < min || length > max) {
            throw new ProtocolException(
                    name + " with a body of " + length + " bytes; it must be " + min + " to " + max + " bytes");
        }
    }

    /**
     * Takes the next {@code length} bytes of a body.
     *
     * @param whole the name of the instruction, for the error
     * @param what the name of the part, for the error
     */
    static ByteBuffer part(ByteBuffer body, int length, String whole, String what) throws ProtocolException {
        if (length > body.remaining()) {
            throw new ProtocolException(whole + " that ends within " + what);
        }
        ByteBuffer part = body.slice(body.position(), length);
        body.position(body.position() + length);
        return part;
    }

    /** Checks a value that is sent in 16 bits. */
    static void checkUnsigned16(int value, String what) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(what + " " + value);
        }
    }

    /** Checks a value that is sent in 32 bits. */
    static void checkUnsigned32(long value, String what) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(what + " " + value);
        }
    }
}
