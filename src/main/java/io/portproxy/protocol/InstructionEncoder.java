package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Puts instructions into a buffer. Each method needs the room that {@link Wire} states; an argument out of range is a
 * bug of ours and throws {@link IllegalArgumentException}.
 */
public final class InstructionEncoder {

    private InstructionEncoder() {}

    /**
     * InsInitialRemoteServer.
     *
     * @param name 1 to 255 bytes of UTF-8
     */
    public static void initialRemoteServer(ByteBuffer out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > Wire.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("a remote name of " + bytes.length + " bytes");
        }
        out.putShort((short) Wire.INITIAL_REMOTE_SERVER).putInt(bytes.length).put(bytes);
    }

    /**
     * InsInitialConnection.
     *
     * @param targetPort 1 to 65535
     */
    public static void initialConnection(ByteBuffer out, long identity, int targetPort) {
        if (targetPort < 1 || targetPort > 0xffff) {
            throw new IllegalArgumentException("target port " + targetPort);
        }
        out.putShort((short) Wire.INITIAL_CONNECTION);
        putIdentity(out, identity);
        out.putShort((short) targetPort);
    }

    /** InsHeartbeat. */
    public static void heartbeat(ByteBuffer out) {
        out.putShort((short) Wire.HEARTBEAT);
    }

    /**
     * The head of an InsData, at an absolute index, because the data is read into its place first.
     *
     * @param length of the data in bytes, 1 to {@link Wire#MAX_DATA_SENT}
     */
    public static void dataHead(ByteBuffer out, int index, long identity, int length) {
        if (length < 1 || length > Wire.MAX_DATA_SENT) {
            throw new IllegalArgumentException("data of " + length + " bytes");
        }
        check(identity);
        out.putShort(index, (short) Wire.DATA)
                .putShort(index + 2, (short) (identity >>> 32))
                .putInt(index + 4, (int) identity)
                .putInt(index + 8, length);
    }

    /** InsCloseConnection. */
    public static void closeConnection(ByteBuffer out, long identity) {
        out.putShort((short) Wire.CLOSE_CONNECTION);
        putIdentity(out, identity);
    }

    private static void putIdentity(ByteBuffer out, long identity) {
        check(identity);
        out.putShort((short) (identity >>> 32)).putInt((int) identity);
    }

    private static void check(long identity) {
        if (identity < 0 || identity > Identity.MAX) {
            throw new IllegalArgumentException("identity " + identity);
        }
    }
}
