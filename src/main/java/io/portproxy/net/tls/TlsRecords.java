package io.portproxy.net.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What can be told from the first bytes of a connection: TLS or not, and what instead. RFC 8446, section 5.1. */
public final class TlsRecords {
    /** Length in bytes of a record's type, version and length. */
    static final int HEADER = 5;

    static final int ALERT = 21;
    static final int HANDSHAKE = 22;

    /** Bytes that are enough to say what a peer speaks if not TLS. */
    static final int TELLING = 4;

    private static final int MAJOR_VERSION = 3;
    private static final int FATAL = 2;
    private static final int UNEXPECTED_MESSAGE = 10;
    private static final int UNRECOGNIZED_NAME = 112; // RFC 6066, section 3
    private static final int MAX_HEX = 16;

    private static final List<String> HTTP_REQUESTS =
            List.of("GET ", "POST", "HEAD", "PUT ", "DELE", "OPTI", "PATC", "CONN", "TRAC", "PRI ");

    private TlsRecords() {}

    /**
     * Whether a connection's first bytes begin a TLS record: a greeting (ClientHello), or the alert by which a TLS
     * server ends a connection that is not TLS. No instruction of the tunnel protocol begins so.
     *
     * @param first from its position on; not changed
     * @return false also when there are less than two bytes
     */
    public static boolean looksLikeTls(ByteBuffer first) {
        int start = first.position();
        return first.remaining() >= 2 && isTlsType(first.get(start)) && first.get(start + 1) == MAJOR_VERSION;
    }

    static boolean isTlsType(byte type) {
        return type == HANDSHAKE || type == ALERT;
    }

    /**
     * The answer for a peer that speaks TLS where it is not spoken, and for one that does not where it is: a fatal
     * alert unexpected_message, by which our own side at the other end knows what is wrong. A fresh buffer.
     */
    public static ByteBuffer unexpectedMessageAlert() {
        return fatalAlert(UNEXPECTED_MESSAGE);
    }

    /** The answer for a client that asks for a name for which there is no certificate. A fresh buffer. */
    public static ByteBuffer unrecognizedNameAlert() {
        return fatalAlert(UNRECOGNIZED_NAME);
    }

    private static ByteBuffer fatalAlert(int description) {
        return ByteBuffer.wrap(new byte[] {ALERT, MAJOR_VERSION, 3, 0, 2, FATAL, (byte) description});
    }

    /** How many bytes a connection has at least, by its first record's head; as many as that head if it is not complete. */
    static int firstRecordEnd(ByteBuffer first) {
        return first.remaining() < HEADER
                ? HEADER
                : HEADER + Short.toUnsignedInt(first.getShort(first.position() + HEADER - Short.BYTES));
    }

    /** Whether these bytes say already what {@link #describePlain} will tell. */
    static boolean isTelling(ByteBuffer first) {
        return first.remaining() >= TELLING || instruction(first).isPresent();
    }

    /**
     * What a peer that does not speak TLS is.
     *
     * @param first its first bytes, at least one; not changed
     * @return a phrase for behind "does not speak TLS: "
     */
    static String describePlain(ByteBuffer first) {
        byte[] bytes = new byte[Math.min(first.remaining(), MAX_HEX)];
        first.get(first.position(), bytes);
        Optional<String> ours = instruction(first);
        return ours.or(() -> describeForeign(first))
                .orElseGet(() ->
                        "its first bytes are " + HexFormat.ofDelimiter(" ").formatHex(bytes));
    }

    /**
     * What a peer speaks that has sent no greeting of ours, where that can be told: some other protocol.
     *
     * @param first its first bytes; not changed
     * @return a sentence, such as "it sent an HTTP request"
     */
    public static Optional<String> describeForeign(ByteBuffer first) {
        byte[] bytes = new byte[Math.min(first.remaining(), MAX_HEX)];
        first.get(first.position(), bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (looksLikeTls(first)) {
            return Optional.of("it speaks TLS");
        } else if (isHttpRequest(first)) {
            return Optional.of("it sent an HTTP request");
        } else if (text.startsWith("HTTP")) {
            return Optional.of("it sent an HTTP response");
        } else if (text.startsWith("SSH-")) {
            return Optional.of("it speaks SSH");
        }
        return Optional.empty();
    }

    /**
     * Whether a connection begins with a request of HTTP.
     *
     * @param first its first bytes; not changed
     */
    public static boolean isHttpRequest(ByteBuffer first) {
        byte[] bytes = new byte[Math.min(first.remaining(), TELLING)];
        first.get(first.position(), bytes);
        return HTTP_REQUESTS.contains(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** What one of our own says first, by the tunnel protocol: its greeting or, before it, heartbeats. */
    private static Optional<String> instruction(ByteBuffer first) {
        if (first.remaining() < 2) {
            return Optional.empty();
        }
        return switch (Short.toUnsignedInt(first.getShort(first.position()))) {
            case 0x0000, 0x0002, 0x0010 -> Optional.of("it is a PortProxy remote without TLS");
            case 0x0001, 0x0011, 0x0014 -> Optional.of("it is a PortProxy server without TLS");
            default -> Optional.empty();
        };
    }
}
