package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes one tunnel's incoming bytes, however they were cut up. Lengths are checked before memory is set aside: the
 * data of an InsData is passed on as it arrives and never gathered.
 *
 * <p>Not thread-safe: belongs to its tunnel's event loop.
 */
public final class InstructionDecoder {
    private long dataIdentity;
    private long dataRemaining;

    /**
     * Decodes the next instruction, or the part of an InsData's data that is there.
     *
     * @param in bytes as they came from the tunnel; what was decoded has been read from it on return. An instruction
     *     whose end is not there yet stays unread, at most {@link Wire#MAX_UNDECODED} bytes, and must be in front of the
     *     next bytes.
     * @return whether something was decoded; {@code false}: more bytes are needed
     * @throws ProtocolException for an unknown code or a bad name; {@code in} is then at the instruction's start
     */
    public boolean decode(ByteBuffer in, InstructionHandler handler) throws ProtocolException {
        if (dataRemaining > 0) {
            return in.hasRemaining() && passData(in, handler);
        }
        if (in.remaining() < Wire.CODE_LENGTH) {
            return false;
        }
        int start = in.position();
        int code = Short.toUnsignedInt(in.getShort(start));
        switch (code) {
            case Wire.INITIAL_REMOTE_SERVER -> {
                return decodeGreeting(in, start, handler);
            }
            case Wire.INITIAL_CONNECTION -> {
                if (in.remaining() < Wire.INITIAL_CONNECTION_LENGTH) {
                    return false;
                }
                in.position(start + Wire.INITIAL_CONNECTION_LENGTH);
                handler.initialConnection(identityAt(in, start + 2), Short.toUnsignedInt(in.getShort(start + 8)));
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
                dataIdentity = identityAt(in, start + 2);
                dataRemaining = Integer.toUnsignedLong(in.getInt(start + 8));
                handler.dataHead(dataIdentity, dataRemaining);
                return dataRemaining == 0 || !in.hasRemaining() || passData(in, handler);
            }
            case Wire.CLOSE_CONNECTION -> {
                if (in.remaining() < Wire.CLOSE_CONNECTION_LENGTH) {
                    return false;
                }
                in.position(start + Wire.CLOSE_CONNECTION_LENGTH);
                handler.closeConnection(identityAt(in, start + 2));
            }
            default -> throw new ProtocolException("unknown instruction code 0x" + hex4(code));
        }
        return true;
    }

    private boolean passData(ByteBuffer in, InstructionHandler handler) throws ProtocolException {
        int length = (int) Math.min(dataRemaining, in.remaining());
        int end = in.position() + length;
        int limit = in.limit();
        in.limit(end);
        dataRemaining -= length;
        handler.data(dataIdentity, in);
        in.limit(limit).position(end);
        return true;
    }

    private static boolean decodeGreeting(ByteBuffer in, int start, InstructionHandler handler)
            throws ProtocolException {
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
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(in.slice(start + Wire.INITIAL_REMOTE_SERVER_HEAD, (int) length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("a remote name that is not UTF-8");
        }
        in.position(start + Wire.INITIAL_REMOTE_SERVER_HEAD + (int) length);
        handler.initialRemoteServer(name);
        return true;
    }

    private static long identityAt(ByteBuffer in, int index) {
        return Short.toUnsignedLong(in.getShort(index)) << 32 | Integer.toUnsignedLong(in.getInt(index + 2));
    }

    private static String hex4(int code) {
        return Integer.toHexString(0x10000 | code).substring(1);
    }
}
