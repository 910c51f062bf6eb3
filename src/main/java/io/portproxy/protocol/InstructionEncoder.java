package io.portproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes instructions into a buffer. Each method needs the room that {@link Wire} states. An argument out of range is a
 * bug of the caller: the method then throws {@link IllegalArgumentException}.
 */
public final class InstructionEncoder {

    private InstructionEncoder() {}

    /**
     * Writes an InsInitialRemoteServer.
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
     * Writes an InsInitialConnection.
     *
     * @param targetPort 1 to 65535
     */
    public static void initialConnection(ByteBuffer out, long identity, int targetPort) {
        if (targetPort < 1 || targetPort > 0xffff) {
            throw new IllegalArgumentException("target port " + targetPort);
        }
        out.putShort((short) Wire.INITIAL_CONNECTION);
        Identity.put(out, identity);
        out.putShort((short) targetPort);
    }

    /** Writes an InsHeartbeat. */
    public static void heartbeat(ByteBuffer out) {
        out.putShort((short) Wire.HEARTBEAT);
    }

    /**
     * Writes the head of an InsData, at an absolute index, because the data is read into its place first.
     *
     * @param length the length of the data in bytes, 1 to {@link Wire#MAX_DATA_SENT}
     */
    public static void dataHead(ByteBuffer out, int index, long identity, int length) {
        if (length < 1 || length > Wire.MAX_DATA_SENT) {
            throw new IllegalArgumentException("data of " + length + " bytes");
        }
        Identity.check(identity);
        out.putShort(index, (short) Wire.DATA)
                .putShort(index + 2, (short) (identity >>> 32))
                .putInt(index + 4, (int) identity)
                .putInt(index + 8, length);
    }

    /** Writes an InsCloseConnection. */
    public static void closeConnection(ByteBuffer out, long identity) {
        out.putShort((short) Wire.CLOSE_CONNECTION);
        Identity.put(out, identity);
    }

    /** Writes an Open. It needs {@link Open#maxLength} bytes of room, and may use less. */
    public static void open(ByteBuffer out, Open open) {
        if (open.targetPort() == 0 && open.targetHost().isEmpty()) {
            throw new IllegalArgumentException("target port 0");
        }
        open.encode(out);
    }

    /** Writes an Opened. */
    public static void opened(ByteBuffer out, long identity) {
        begin(out, Wire.OPENED, Wire.OPENED_LENGTH);
        Identity.put(out, identity);
    }

    /** Writes an End. */
    public static void end(ByteBuffer out, long identity) {
        begin(out, Wire.END, Wire.END_LENGTH);
        Identity.put(out, identity);
    }

    /**
     * Writes a Reset.
     *
     * @param reason any except {@link Reason#UNKNOWN}
     */
    public static void reset(ByteBuffer out, long identity, Reason reason) {
        short code = (short) reason.code();
        begin(out, Wire.RESET, Wire.RESET_LENGTH);
        Identity.put(out, identity);
        out.putShort(code);
    }

    /**
     * Writes a Window.
     *
     * @param delivered bytes of the stream that have been written to this side's socket, 0 to 2^63-1
     * @param window bytes that may be in flight beyond those, 0 to 2^32-1
     */
    public static void window(ByteBuffer out, long identity, long delivered, long window) {
        if (delivered < 0) {
            throw new IllegalArgumentException("delivered " + delivered);
        }
        InstructionBody.checkUnsigned32(window, "window");
        begin(out, Wire.WINDOW, Wire.WINDOW_LENGTH);
        Identity.put(out, identity);
        out.putLong(delivered).putInt((int) window);
    }

    /**
     * Writes the head of a Datagram. The caller writes its bytes after that.
     *
     * @param length the length of the datagram in bytes, 0 to {@link Wire#MAX_DATAGRAM}
     */
    public static void datagramHead(ByteBuffer out, long identity, int length) {
        if (length < 0 || length > Wire.MAX_DATAGRAM) {
            throw new IllegalArgumentException("a datagram of " + length + " bytes");
        }
        begin(out, Wire.DATAGRAM, Wire.DATAGRAM_HEAD + length);
        Identity.put(out, identity);
    }

    /**
     * Writes a Ping.
     *
     * @param opaque the number that comes back in the Pong
     */
    public static void ping(ByteBuffer out, long opaque) {
        begin(out, Wire.PING, Wire.PING_LENGTH);
        out.putLong(opaque);
    }

    /**
     * Writes a Pong.
     *
     * @param opaque the number of the Ping
     */
    public static void pong(ByteBuffer out, long opaque) {
        begin(out, Wire.PONG, Wire.PING_LENGTH);
        out.putLong(opaque);
    }

    /**
     * Writes a GoAway.
     *
     * @param reason any except {@link Reason#UNKNOWN}
     * @param deadlineMillis the time in milliseconds after which this side closes the tunnel, 0 to 2^32-1
     */
    public static void goAway(ByteBuffer out, Reason reason, long deadlineMillis) {
        short code = (short) reason.code();
        InstructionBody.checkUnsigned32(deadlineMillis, "deadline");
        begin(out, Wire.GO_AWAY, Wire.GO_AWAY_LENGTH);
        out.putShort(code).putInt((int) deadlineMillis);
    }

    private static void begin(ByteBuffer out, int code, int length) {
        out.putShort((short) code).putInt(length - Wire.EXTENDED_HEAD);
    }
}
