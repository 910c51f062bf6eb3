package io.portproxy.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the incoming bytes of one tunnel, which may arrive in pieces of any size. It checks lengths before it
 * allocates memory. It passes the data of an InsData on as it arrives, and never collects it.
 *
 * <p>Not thread-safe: it belongs to its tunnel's event loop.
 */
public final class InstructionDecoder {
    private final InstructionHandler handler;
    private final @Nullable ExtendedDecoder extended; // only in an extended tunnel
    private final Dialect dialect;
    private long dataIdentity;
    private long dataRemaining;

    private InstructionDecoder(Dialect dialect, InstructionHandler handler, @Nullable ExtendedDecoder extended) {
        this.dialect = dialect;
        this.handler = handler;
        this.extended = extended;
    }

    /** Creates a decoder for a classic tunnel, including its greeting. */
    public static InstructionDecoder classic(InstructionHandler handler) {
        return new InstructionDecoder(Dialect.CLASSIC, handler, null);
    }

    /**
     * Creates a decoder for an extended tunnel after its greeting, which a {@link GreetingDecoder} decodes. The tunnel
     * carries no datagrams.
     */
    public static InstructionDecoder extended(ExtendedHandler handler) {
        return extended(handler, false);
    }

    /**
     * Creates a decoder for an extended tunnel after its greeting, which a {@link GreetingDecoder} decodes.
     *
     * @param datagrams whether the tunnel carries datagrams; each is decoded when it is complete
     */
    public static InstructionDecoder extended(ExtendedHandler handler, boolean datagrams) {
        return new InstructionDecoder(Dialect.EXTENDED, handler, new ExtendedDecoder(handler, datagrams));
    }

    /**
     * Returns the most bytes that {@link #decode} leaves unread: {@link Dialect#maxUndecoded}, or the length of the
     * longest Datagram.
     */
    public int maxUndecoded() {
        return extended == null ? dialect.maxUndecoded() : extended.maxUndecoded();
    }

    /** Returns how many bytes of the current InsData's data are still to come; 0 between instructions. */
    public long dataRemaining() {
        return dataRemaining;
    }

    /**
     * Decodes the next instruction, or the available part of an InsData's data.
     *
     * @param in bytes from the tunnel. On return, the decoded bytes have been read from it. An instruction whose end
     *     has not arrived stays unread, at most {@link #maxUndecoded} bytes. The caller must put these in front of the
     *     next bytes
     * @return whether something was decoded; {@code false} if more bytes are needed
     * @throws ProtocolException for a code that must not come here or a field that is not allowed; {@code in} is then
     *     at the start of the instruction
     */
    public boolean decode(ByteBuffer in) throws ProtocolException {
        if (dataRemaining > 0) {
            return in.hasRemaining() && passData(in);
        }
        if (extended != null && extended.isSkipping()) {
            return extended.skip(in);
        }
        if (in.remaining() < Wire.CODE_LENGTH) {
            return false;
        }
        int start = in.position();
        int code = Short.toUnsignedInt(in.getShort(start));
        if (extended != null && !isInBothDialects(code)) {
            return extended.decode(in, start, code);
        }
        switch (code) {
            case Wire.INITIAL_REMOTE_SERVER -> {
                return decodeGreeting(in, start);
            }
            case Wire.INITIAL_CONNECTION -> {
                if (in.remaining() < Wire.INITIAL_CONNECTION_LENGTH) {
                    return false;
                }
                in.position(start + Wire.INITIAL_CONNECTION_LENGTH);
                handler.initialConnection(Identity.at(in, start + 2), Short.toUnsignedInt(in.getShort(start + 8)));
            }
            case Wire.HEARTBEAT -> {
                in.position(start + Wire.HEARTBEAT_LENGTH);
                handler.heartbeat();
            }
            case Wire.DATA -> {
                if (in.remaining() < Wire.DATA_HEAD) {
                    return false;
                }
                in.position(start + Wire.DATA_HEAD);
                dataIdentity = Identity.at(in, start + 2);
                dataRemaining = Integer.toUnsignedLong(in.getInt(start + 8));
                handler.dataHead(dataIdentity, dataRemaining);
                return dataRemaining == 0 || !in.hasRemaining() || passData(in);
            }
            case Wire.CLOSE_CONNECTION -> {
                if (in.remaining() < Wire.CLOSE_CONNECTION_LENGTH) {
                    return false;
                }
                in.position(start + Wire.CLOSE_CONNECTION_LENGTH);
                handler.closeConnection(Identity.at(in, start + 2));
            }
            default -> throw new ProtocolException("unknown instruction code " + Wire.codeText(code));
        }
        return true;
    }

    /** Returns whether the next byte begins an instruction, and is not part of one whose head has been decoded. */
    public boolean isAtHead() {
        return dataRemaining == 0 && (extended == null || !extended.isSkipping());
    }

    private boolean passData(ByteBuffer in) throws ProtocolException {
        int length = (int) Math.min(dataRemaining, in.remaining());
        int end = in.position() + length;
        int limit = in.limit();
        in.limit(end);
        dataRemaining -= length;
        handler.data(dataIdentity, in);
        in.limit(limit).position(end);
        return true;
    }

    private boolean decodeGreeting(ByteBuffer in, int start) throws ProtocolException {
        if (in.remaining() < Wire.INITIAL_REMOTE_SERVER_HEAD) {
            return false;
        }
        long length = Integer.toUnsignedLong(in.getInt(start + 2));
        if (length == 0 || length > Wire.MAX_NAME_LENGTH) {
            throw new ProtocolException(
                    "a remote name of " + length + " bytes; it must be 1 to " + Wire.MAX_NAME_LENGTH + " bytes");
        }
        if (in.remaining() < Wire.INITIAL_REMOTE_SERVER_HEAD + length) {
            return false;
        }
        String name = WireText.utf8(in.slice(start + Wire.INITIAL_REMOTE_SERVER_HEAD, (int) length), "a remote name");
        in.position(start + Wire.INITIAL_REMOTE_SERVER_HEAD + (int) length);
        handler.initialRemoteServer(name);
        return true;
    }

    private static boolean isInBothDialects(int code) {
        return code == Wire.HEARTBEAT || code == Wire.DATA || code == Wire.CLOSE_CONNECTION;
    }
}
