package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * The proxy server's answer that it exposes a target for the remote.
 *
 * @param number the number of the {@link Expose}
 * @param port the port that users connect to, 1 to 65535
 * @param host the address that users connect to, at most 255 bytes of UTF-8. If it is empty, users connect to
 *     whichever address of the server they can reach. For a web application, it is the URL that users enter, as in
 *     {@code https://ann.dev.example.com}
 */
public record Exposed(int number, int port, String host) implements ExposeInstruction {
    /** The longest host, in bytes. */
    public static final int MAX_HOST = Wire.MAX_NAME_LENGTH;

    static final int MIN_BODY = 2 + 2 + 1;

    private static final String HOST = "an exposed host";

    public Exposed {
        InstructionBody.checkUnsigned16(number, "number");
        InstructionBody.checkUnsigned16(port, "port");
        encodedHost(host);
    }

    @Override
    public byte[] encode() {
        byte[] bytes = encodedHost(host);
        return InstructionBody.encode(
                Wire.EXPOSED,
                MIN_BODY + bytes.length,
                out -> out.putShort((short) number)
                        .putShort((short) port)
                        .put((byte) bytes.length)
                        .put(bytes));
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. */
    static Exposed decode(ByteBuffer body) throws ProtocolException {
        int number = Short.toUnsignedInt(body.getShort());
        int port = Short.toUnsignedInt(body.getShort());
        if (port == 0) {
            throw new ProtocolException("an Exposed with port 0");
        }
        ByteBuffer host = InstructionBody.part(body, Byte.toUnsignedInt(body.get()), "an Exposed", HOST);
        return new Exposed(number, port, Printable.of(WireText.decode(host, 0, Wire.MAX_NAME_LENGTH, HOST)));
    }

    private static byte[] encodedHost(String host) {
        return WireText.encode(host, 0, Wire.MAX_NAME_LENGTH, HOST);
    }
}
