package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text on the wire: UTF-8, and in the extended dialect without control characters, because all of it is written to
 * logs.
 */
final class WireText {
    private WireText() {}

    /**
     * Decodes UTF-8 strictly.
     *
     * @param bytes all remaining bytes are the text
     * @param what the name of the text, for the error
     */
    static String utf8(ByteBuffer bytes, String what) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException(what + " that is not UTF-8");
        }
    }

    /** Decodes a text of the extended dialect that has {@code min} to {@code max} bytes. */
    static String decode(ByteBuffer bytes, int min, int max, String what) throws ProtocolException {
        int length = bytes.remaining();
        if (length < min || length > max) {
            throw new ProtocolException(what + " of " + length + " bytes; it must be " + min + " to " + max + " bytes");
        }
        String text = utf8(bytes, what);
        if (hasControl(text)) {
            throw new ProtocolException(what + " with a control character");
        }
        return text;
    }

    /** Encodes a text of the extended dialect. A text that does not fit is a bug of the caller. */
    static byte[] encode(String text, int min, int max, String what) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < min || bytes.length > max) {
            throw new IllegalArgumentException(what + " of " + bytes.length + " bytes");
        }
        if (hasControl(text)) {
            throw new IllegalArgumentException(what + " with a control character");
        }
        return bytes;
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
