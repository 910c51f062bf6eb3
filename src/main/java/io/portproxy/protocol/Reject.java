package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * The proxy server's answer that it refuses the tunnel.
 *
 * @param reason the reason
 * @param retry whether a later attempt may succeed
 * @param message a text for the remote's log, at most 1024 bytes of UTF-8 without control characters; may be empty
 */
public record Reject(Reason reason, boolean retry, String message) implements GreetingInstruction {
    static final int MIN_BODY = 2 + 1;
    static final int MAX_BODY = MIN_BODY + Wire.MAX_MESSAGE_LENGTH;

    private static final String MESSAGE = "a Reject's message";

    public Reject {
        encodedMessage(message);
    }

    @Override
    public byte[] encode() {
        byte[] text = encodedMessage(message);
        short code = (short) reason.code();
        byte retryByte = (byte) (retry ? 1 : 0);
        return InstructionBody.encode(
                Wire.REJECT,
                MIN_BODY + text.length,
                out -> out.putShort(code).put(retryByte).put(text));
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. */
    static Reject decode(ByteBuffer body) throws ProtocolException {
        Reason reason = Reason.ofCode(Short.toUnsignedInt(body.getShort()));
        int retry = Byte.toUnsignedInt(body.get());
        if (retry > 1) {
            throw new ProtocolException("a Reject whose retry is " + retry + "; it must be 0 or 1");
        }
        String message = Printable.of(WireText.decode(body, 0, Wire.MAX_MESSAGE_LENGTH, MESSAGE));
        return new Reject(reason, retry == 1, message);
    }

    private static byte[] encodedMessage(String message) {
        return WireText.encode(message, 0, Wire.MAX_MESSAGE_LENGTH, MESSAGE);
    }
}
