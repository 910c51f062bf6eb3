package io.portproxy.protocol;

import java.nio.ByteBuffer;

/**
 * Decodes the instructions that only the extended dialect has, after its greeting. It decodes all instructions without
 * allocation, except Open and the instructions about ports that a remote asks for. It skips bytes that a later version
 * adds after a fixed layout, and it skips unknown instructions. It does not collect skipped bytes.
 */
final class ExtendedDecoder {
    private final ExtendedHandler handler;
    private final boolean datagrams;
    private long skipRemaining;

    /** @param datagrams whether the tunnel carries datagrams */
    ExtendedDecoder(ExtendedHandler handler, boolean datagrams) {
        this.handler = handler;
        this.datagrams = datagrams;
    }

    /** Returns the length in bytes of the longest input that is decoded only when it is complete. */
    int maxUndecoded() {
        return datagrams ? Wire.DATAGRAM_HEAD + Wire.MAX_DATAGRAM : Dialect.EXTENDED.maxUndecoded();
    }

    /** Returns whether the next bytes belong to a body that is skipped. */
    boolean isSkipping() {
        return skipRemaining > 0;
    }

    /** Skips the available bytes of a body. Returns {@code false} if there are none. */
    boolean skip(ByteBuffer in) {
        int length = (int) Math.min(skipRemaining, in.remaining());
        in.position(in.position() + length);
        skipRemaining -= length;
        return length > 0;
    }

    /**
     * Decodes the instruction at {@code start}, which is the position of {@code in}. Returns {@code false} if more
     * bytes are needed.
     */
    boolean decode(ByteBuffer in, int start, int code) throws ProtocolException {
        checkCode(code);
        if (in.remaining() < Wire.EXTENDED_HEAD) {
            return false;
        }
        long length = Integer.toUnsignedLong(in.getInt(start + Wire.CODE_LENGTH));
        int needed = neededOf(code, length);
        if (in.remaining() < Wire.EXTENDED_HEAD + needed) {
            return false;
        }
        int body = start + Wire.EXTENDED_HEAD;
        if (code == Wire.DATAGRAM) {
            passDatagram(in, body, needed);
            return true;
        }
        if (code == Wire.OPEN) {
            Open open = Open.decode(in.slice(body, needed));
            in.position(body + needed);
            handler.open(open);
            return true;
        }
        if (code >= Wire.EXPOSE && code <= Wire.EXPOSE_REFUSED) {
            ExposeInstruction instruction = decodeExpose(code, in.slice(body, needed));
            in.position(body + needed);
            handler.expose(instruction);
            return true;
        }
        if (code == Wire.WINDOW && in.getLong(body + Wire.IDENTITY_LENGTH) < 0) {
            throw new ProtocolException("a Window with more than 2^63-1 bytes delivered");
        }
        in.position(body + needed);
        skipRemaining = length - needed;
        dispatch(in, body, code);
        return true;
    }

    private void passDatagram(ByteBuffer in, int body, int length) throws ProtocolException {
        int end = body + length;
        int limit = in.limit();
        in.limit(end).position(body + Wire.IDENTITY_LENGTH);
        handler.datagram(Identity.at(in, body), in);
        in.limit(limit).position(end);
    }

    private static void checkCode(int code) throws ProtocolException {
        if (code < Wire.FIRST_EXTENDED) {
            boolean known = code == Wire.INITIAL_REMOTE_SERVER || code == Wire.INITIAL_CONNECTION;
            throw new ProtocolException((known ? "classic" : "unknown") + " instruction code " + Wire.codeText(code)
                    + " in an extended tunnel");
        }
        if (code <= Wire.REJECT) {
            throw new ProtocolException("greeting instruction " + Wire.codeText(code) + " behind the greeting");
        }
    }

    /**
     * Returns how many bytes of a body must be available to decode it. Checks the length that the peer claims before
     * that.
     */
    private int neededOf(int code, long length) throws ProtocolException {
        return switch (code) {
            case Wire.DATAGRAM -> datagram(length);
            case Wire.OPEN -> whole("Open", length, Open.MIN_BODY);
            case Wire.EXPOSE -> whole("Expose", length, Expose.MIN_BODY);
            case Wire.EXPOSED -> whole("Exposed", length, Exposed.MIN_BODY);
            case Wire.EXPOSE_REFUSED -> whole("ExposeRefused", length, ExposeRefused.MIN_BODY);
            case Wire.OPENED -> fixed("Opened", length, Wire.OPENED_LENGTH);
            case Wire.END -> fixed("End", length, Wire.END_LENGTH);
            case Wire.RESET -> fixed("Reset", length, Wire.RESET_LENGTH);
            case Wire.WINDOW -> fixed("Window", length, Wire.WINDOW_LENGTH);
            case Wire.PING -> fixed("Ping", length, Wire.PING_LENGTH);
            case Wire.PONG -> fixed("Pong", length, Wire.PING_LENGTH);
            case Wire.GO_AWAY -> fixed("GoAway", length, Wire.GO_AWAY_LENGTH);
            default -> {
                if (length > Wire.MAX_SKIPPED_BODY) {
                    throw new ProtocolException("unknown instruction code " + Wire.codeText(code) + " with a body of "
                            + length + " bytes; at most " + Wire.MAX_SKIPPED_BODY + " bytes are skipped");
                }
                yield 0;
            }
        };
    }

    /** Checks the length of an instruction that is decoded when it is complete. */
    private static int whole(String name, long length, int min) throws ProtocolException {
        InstructionBody.checkLength(name, length, min, Wire.MAX_OPEN_BODY);
        return (int) length;
    }

    private int datagram(long length) throws ProtocolException {
        if (!datagrams) {
            throw new ProtocolException("Datagram in a tunnel without that feature");
        }
        InstructionBody.checkLength("Datagram", length, Wire.IDENTITY_LENGTH, Wire.IDENTITY_LENGTH + Wire.MAX_DATAGRAM);
        return (int) length;
    }

    private static ExposeInstruction decodeExpose(int code, ByteBuffer body) throws ProtocolException {
        return switch (code) {
            case Wire.EXPOSE -> Expose.decode(body);
            case Wire.EXPOSED -> Exposed.decode(body);
            default -> ExposeRefused.decode(body);
        };
    }

    private static int fixed(String name, long length, int wholeLength) throws ProtocolException {
        int body = wholeLength - Wire.EXTENDED_HEAD;
        InstructionBody.checkLength(name, length, body, Wire.MAX_BODY);
        return body;
    }

    private void dispatch(ByteBuffer in, int body, int code) throws ProtocolException {
        int behindIdentity = body + Wire.IDENTITY_LENGTH;
        switch (code) {
            case Wire.OPENED -> handler.opened(Identity.at(in, body));
            case Wire.END -> handler.end(Identity.at(in, body));
            case Wire.RESET -> handler.reset(Identity.at(in, body), reasonAt(in, behindIdentity));
            case Wire.WINDOW ->
                handler.window(
                        Identity.at(in, body),
                        in.getLong(behindIdentity),
                        Integer.toUnsignedLong(in.getInt(behindIdentity + 8)));
            case Wire.PING -> handler.ping(in.getLong(body));
            case Wire.PONG -> handler.pong(in.getLong(body));
            case Wire.GO_AWAY -> handler.goAway(reasonAt(in, body), Integer.toUnsignedLong(in.getInt(body + 2)));
            default -> {
                // This version does not know the instruction: it is skipped.
            }
        }
    }

    private static Reason reasonAt(ByteBuffer in, int index) {
        return Reason.ofCode(Short.toUnsignedInt(in.getShort(index)));
    }
}
