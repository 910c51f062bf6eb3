package io.portproxy.protocol;

/**
 * The numbers of the tunnel protocol's classic dialect (protocol.md, section 1). All integers on the wire are unsigned
 * and big-endian.
 */
public final class Wire {
    /** Code of the greeting by which a remote says its name. */
    public static final int INITIAL_REMOTE_SERVER = 0x0000;

    /** Code by which the proxy server announces a new stream. */
    public static final int INITIAL_CONNECTION = 0x0001;

    /** Code of a remote's sign of life. */
    public static final int HEARTBEAT = 0x0002;

    /** Code of a stream's bytes. */
    public static final int DATA = 0x0003;

    /** Code of a stream's end. */
    public static final int CLOSE_CONNECTION = 0x0004;

    /** Length in bytes of an instruction's code. */
    public static final int CODE_LENGTH = 2;

    /** Length in bytes of an identity. */
    public static final int IDENTITY_LENGTH = 6;

    /** Length in bytes of InsInitialRemoteServer without the name. */
    public static final int INITIAL_REMOTE_SERVER_HEAD = CODE_LENGTH + 4;

    /** Length in bytes of InsInitialConnection. */
    public static final int INITIAL_CONNECTION_LENGTH = CODE_LENGTH + IDENTITY_LENGTH + 2;

    /** Length in bytes of InsHeartbeat. */
    public static final int HEARTBEAT_LENGTH = CODE_LENGTH;

    /** Length in bytes of InsData without the data. */
    public static final int DATA_HEAD = CODE_LENGTH + IDENTITY_LENGTH + 4;

    /** Length in bytes of InsCloseConnection. */
    public static final int CLOSE_CONNECTION_LENGTH = CODE_LENGTH + IDENTITY_LENGTH;

    /** The longest remote name in bytes of UTF-8; the shortest is one byte. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The most data in bytes that we put in one InsData. A peer may put up to 2^32-1. */
    public static final int MAX_DATA_SENT = 64 * 1024;

    /** The longest run of bytes that cannot be decoded before its end has arrived: a greeting with the longest name. */
    public static final int MAX_UNDECODED = INITIAL_REMOTE_SERVER_HEAD + MAX_NAME_LENGTH;

    private Wire() {}
}
