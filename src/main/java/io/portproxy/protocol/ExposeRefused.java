package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * The proxy server's answer that it does not expose a target, or no longer exposes it.
 *
 * @param number the number of the {@link Expose}
 * @param reason the reason
 * @param message a text for people, at most 1024 bytes of UTF-8 without control characters; may be empty
 */
public record ExposeRefused(int number, ExposeRefusal reason, String message) implements ExposeInstruction {
    static final int MIN_BODY = 2 + 2 + 2;

    private static final String MESSAGE = "an ExposeRefused's message";

    public ExposeRefused {
        InstructionBody.checkUnsigned16(number, "number");
        encodedMessage(message);
    }

    @Override
    public byte[] encode() {
        byte[] bytes = encodedMessage(message);
        short code = (short) reason.code();
        return InstructionBody.encode(
                Wire.EXPOSE_REFUSED,
                MIN_BODY + bytes.length,
                out -> out.putShort((short) number)
                        .putShort(code)
                        .putShort((short) bytes.length)
                        .put(bytes));
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. */
    static ExposeRefused decode(ByteBuffer body) throws ProtocolException {
        int number = Short.toUnsignedInt(body.getShort());
        ExposeRefusal reason = ExposeRefusal.ofCode(Short.toUnsignedInt(body.getShort()));
        ByteBuffer message =
                InstructionBody.part(body, Short.toUnsignedInt(body.getShort()), "an ExposeRefused", MESSAGE);
        return new ExposeRefused(
                number, reason, Printable.of(WireText.decode(message, 0, Wire.MAX_MESSAGE_LENGTH, MESSAGE)));
    }

    private static byte[] encodedMessage(String message) {
        return WireText.encode(message, 0, Wire.MAX_MESSAGE_LENGTH, MESSAGE);
    }
}
