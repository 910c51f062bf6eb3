package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A remote's request for a port by which users reach one of its targets.
 *
 * @param number the number of this request within the tunnel, 0 to 65535
 * @param type the type of what is exposed, 0 to 65535; {@link #TCP} or {@link #HTTP}
 * @param port the requested port, up to 65535; 0 for any port
 * @param only whether the remote accepts no other port
 * @param targetPort the target's port, 0 to 65535 as it was on the wire; never sent as 0
 * @param targetHost the target's host as the remote sees it, 1 to 255 bytes of UTF-8; empty for the remote's 127.0.0.1
 */
public record Expose(int number, int type, int port, boolean only, int targetPort, Optional<String> targetHost)
        implements ExposeInstruction {
    /** A stream of bytes, carried unchanged. */
    public static final int TCP = 0;

    /** A web application, which users reach by a host name at a gateway. The requested port is then 0. */
    public static final int HTTP = 1;

    static final int MIN_BODY = 2 + 2 + 2 + 1 + 2 + 1;

    private static final String HOST = "a target's host";

    public Expose {
        InstructionBody.checkUnsigned16(number, "number");
        InstructionBody.checkUnsigned16(type, "type");
        InstructionBody.checkUnsigned16(port, "port");
        InstructionBody.checkUnsigned16(targetPort, "target port");
        targetHost.ifPresent(Expose::encodedHost);
    }

    @Override
    public byte[] encode() {
        byte[] host = targetHost.map(Expose::encodedHost).orElse(new byte[0]);
        return InstructionBody.encode(
                Wire.EXPOSE,
                MIN_BODY + host.length,
                out -> out.putShort((short) number)
                        .putShort((short) type)
                        .putShort((short) port)
                        .put((byte) (only ? 1 : 0))
                        .putShort((short) targetPort)
                        .put((byte) host.length)
                        .put(host));
    }

    /** Decodes a body of at least {@link #MIN_BODY} bytes. */
    static Expose decode(ByteBuffer body) throws ProtocolException {
        int number = Short.toUnsignedInt(body.getShort());
        int type = Short.toUnsignedInt(body.getShort());
        int port = Short.toUnsignedInt(body.getShort());
        int only = Byte.toUnsignedInt(body.get());
        if (only > 1) {
            throw new ProtocolException("an Expose whose only is " + only + "; it must be 0 or 1");
        }
        int targetPort = Short.toUnsignedInt(body.getShort());
        ByteBuffer host = InstructionBody.part(body, Byte.toUnsignedInt(body.get()), "an Expose", HOST);
        Optional<String> targetHost = host.hasRemaining()
                ? Optional.of(WireText.decode(host, 1, Wire.MAX_NAME_LENGTH, HOST))
                : Optional.empty();
        return new Expose(number, type, port, only == 1, targetPort, targetHost);
    }

    private static byte[] encodedHost(String host) {
        return WireText.encode(host, 1, Wire.MAX_NAME_LENGTH, HOST);
    }
}
