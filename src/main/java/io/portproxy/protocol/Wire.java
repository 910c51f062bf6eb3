package io.portproxy.protocol;

/**
 * The numbers of the tunnel protocol (protocol.md, section 1 for the classic dialect, section 2 for the extended one).
 * All integers on the wire are unsigned and big-endian.
 */
public final class Wire {
    /** The code of the greeting in which a remote states its name. */
    public static final int INITIAL_REMOTE_SERVER = 0x0000;

    /** The code with which the proxy server announces a new stream. */
    public static final int INITIAL_CONNECTION = 0x0001;

    /** The code of a remote's sign of life. */
    public static final int HEARTBEAT = 0x0002;

    /** The code of a stream's bytes. */
    public static final int DATA = 0x0003;

    /** The code of a stream's end. */
    public static final int CLOSE_CONNECTION = 0x0004;

    /** The length in bytes of an instruction's code. */
    public static final int CODE_LENGTH = 2;

    /** The length in bytes of an identity. */
    public static final int IDENTITY_LENGTH = 6;

    /** The length in bytes of InsInitialRemoteServer without the name. */
    public static final int INITIAL_REMOTE_SERVER_HEAD = CODE_LENGTH + 4;

    /** The length in bytes of InsInitialConnection. */
    public static final int INITIAL_CONNECTION_LENGTH = CODE_LENGTH + IDENTITY_LENGTH + 2;

    /** The length in bytes of InsHeartbeat. */
    public static final int HEARTBEAT_LENGTH = CODE_LENGTH;

    /** The length in bytes of InsData without the data. */
    public static final int DATA_HEAD = CODE_LENGTH + IDENTITY_LENGTH + 4;

    /** The length in bytes of InsCloseConnection. */
    public static final int CLOSE_CONNECTION_LENGTH = CODE_LENGTH + IDENTITY_LENGTH;

    /** The longest remote name in bytes of UTF-8; the shortest is one byte. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The most bytes of data that this program sends in one InsData. A peer may send up to 2^32-1. */
    public static final int MAX_DATA_SENT = 256 * 1024;

    /**
     * The same limit for a classic peer, which may collect the whole InsData first. It also applies while other streams
     * must not wait long.
     */
    public static final int MAX_SHORT_DATA_SENT = 64 * 1024;

    // The extended dialect. Every instruction from FIRST_EXTENDED on has the layout: code 16, length 32, body.

    /** The lowest code of instructions with a length. A peer can skip such an instruction if it does not know it. */
    public static final int FIRST_EXTENDED = 0x0010;

    /** The code with which a remote begins its greeting. */
    public static final int HELLO = 0x0010;

    /** The code of the proxy server's answer to a Hello. */
    public static final int CHALLENGE = 0x0011;

    /** The code of the remote's proof that it knows the token. */
    public static final int PROOF = 0x0012;

    /** The code with which the proxy server accepts a tunnel, with its own proof. */
    public static final int WELCOME = 0x0013;

    /** The code with which the proxy server refuses a tunnel. */
    public static final int REJECT = 0x0014;

    /** The code with which the proxy server announces a new stream. */
    public static final int OPEN = 0x0015;

    /** The code with which the remote says that a stream's target is connected. */
    public static final int OPENED = 0x0016;

    /** The code of a half-close: no more data in this direction. */
    public static final int END = 0x0017;

    /** The code with which a side resets a stream, with a reason. */
    public static final int RESET = 0x0018;

    /** The code with which a receiver says how many bytes it has delivered and how many more it takes. */
    public static final int WINDOW = 0x0019;

    /** The code of a question whether the peer is alive. */
    public static final int PING = 0x001A;

    /** The code of the answer to a Ping. */
    public static final int PONG = 0x001B;

    /** The code with which a side says that it will close the tunnel. */
    public static final int GO_AWAY = 0x001C;

    /** A code that is reserved for resuming; skipped now. */
    public static final int RESUME = 0x001D;

    /** A code that is reserved for resuming; skipped now. */
    public static final int RESUMED = 0x001E;

    /** The code with which a remote asks for a port. */
    public static final int EXPOSE = 0x001F;

    /** The code with which the proxy server says which port it has given. */
    public static final int EXPOSED = 0x0020;

    /** The code with which the proxy server refuses a port, or takes it back. */
    public static final int EXPOSE_REFUSED = 0x0021;

    /** The code of one datagram of a stream whose transport is udp. */
    public static final int DATAGRAM = 0x0022;

    /** The most requests for ports in a tunnel that may be without an answer. */
    public static final int MAX_UNANSWERED_EXPOSES = 256;

    /** The version of the extended dialect. */
    public static final int VERSION = 2;

    /** The length in bytes of code and length, before a body. */
    public static final int EXTENDED_HEAD = CODE_LENGTH + 4;

    /** The longest body in bytes of a known instruction, where no smaller limit is stated. */
    public static final int MAX_BODY = 4096;

    /** The longest body in bytes of an unknown instruction, which is skipped. */
    public static final int MAX_SKIPPED_BODY = 1024 * 1024;

    /** The length in bytes of the id of an instance or a session. */
    public static final int ID_LENGTH = 16;

    /** The length in bytes of a nonce. */
    public static final int NONCE_LENGTH = 32;

    /** The length in bytes of a proof. */
    public static final int PROOF_LENGTH = 32;

    /** The longest body in bytes of a Hello: with a session to resume and the longest name. */
    public static final int MAX_HELLO_BODY = 2 + 4 + ID_LENGTH + 2 + NONCE_LENGTH + 1 + ID_LENGTH + MAX_NAME_LENGTH;

    /** The longest message of a Reject in bytes of UTF-8. */
    public static final int MAX_MESSAGE_LENGTH = 1024;

    /** The smallest initial window in bytes that a Welcome may state. */
    public static final int MIN_INITIAL_WINDOW = 4096;

    /** The largest initial window in bytes that a Welcome may state. */
    public static final int MAX_INITIAL_WINDOW = 1 << 30;

    /** The longest body in bytes of an Open, including unknown fields. */
    public static final int MAX_OPEN_BODY = 2048;

    /** The length in bytes of an Opened. */
    public static final int OPENED_LENGTH = EXTENDED_HEAD + IDENTITY_LENGTH;

    /** The length in bytes of an End. */
    public static final int END_LENGTH = EXTENDED_HEAD + IDENTITY_LENGTH;

    /** The length in bytes of a Reset. */
    public static final int RESET_LENGTH = EXTENDED_HEAD + IDENTITY_LENGTH + 2;

    /** The length in bytes of a Window. */
    public static final int WINDOW_LENGTH = EXTENDED_HEAD + IDENTITY_LENGTH + 8 + 4;

    /** The length in bytes of a Datagram without its bytes. */
    public static final int DATAGRAM_HEAD = EXTENDED_HEAD + IDENTITY_LENGTH;

    /** The longest datagram in bytes: the most that UDP carries over IPv4 (RFC 768, RFC 791). */
    public static final int MAX_DATAGRAM = 65_507;

    /** The length in bytes of a Ping, and of a Pong. */
    public static final int PING_LENGTH = EXTENDED_HEAD + 8;

    /** The length in bytes of a GoAway. */
    public static final int GO_AWAY_LENGTH = EXTENDED_HEAD + 2 + 4;

    /** Returns an instruction's name as in protocol.md, or its code in hexadecimal digits if it has none. */
    public static String name(int code) {
        return switch (code) {
            case INITIAL_REMOTE_SERVER -> "InsInitialRemoteServer";
            case INITIAL_CONNECTION -> "InsInitialConnection";
            case HEARTBEAT -> "InsHeartbeat";
            case DATA -> "InsData";
            case CLOSE_CONNECTION -> "InsCloseConnection";
            case HELLO -> "Hello";
            case CHALLENGE -> "Challenge";
            case PROOF -> "Proof";
            case WELCOME -> "Welcome";
            case REJECT -> "Reject";
            case OPEN -> "Open";
            case OPENED -> "Opened";
            case END -> "End";
            case RESET -> "Reset";
            case WINDOW -> "Window";
            case PING -> "Ping";
            case PONG -> "Pong";
            case GO_AWAY -> "GoAway";
            case RESUME -> "Resume";
            case RESUMED -> "Resumed";
            case EXPOSE -> "Expose";
            case EXPOSED -> "Exposed";
            case EXPOSE_REFUSED -> "ExposeRefused";
            case DATAGRAM -> "Datagram";
            default -> codeText(code);
        };
    }

    /** Returns a code in hexadecimal digits, as people see it. */
    static String codeText(int code) {
        return "0x" + Integer.toHexString(0x10000 | code).substring(1);
    }

    private Wire() {}
}
