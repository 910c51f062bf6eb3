package io.portproxy.net.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Recognises from the first bytes of a connection whether it is TLS, and what it is otherwise. RFC 8446, section 5.1.
 */
public final class TlsRecords {
    /** The length in bytes of a record's type, version and length. */
    static final int HEADER = 5;

    static final int ALERT = 21;
    static final int HANDSHAKE = 22;

    /** This number of bytes is enough to say what a peer speaks instead of TLS. */
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
     * Returns whether a connection's first bytes begin a TLS record: a ClientHello, or the alert with which a TLS
     * server ends a connection that is not TLS. No instruction of the tunnel protocol begins in this way.
     *
     * @param first the bytes from its position on; not changed
     * @return false also if there are fewer than two bytes
     */
    public static boolean looksLikeTls(ByteBuffer first) {
        int start = first.position();
        return first.remaining() >= 2 && isTlsType(first.get(start)) && first.get(start + 1) == MAJOR_VERSION;
    }

    static boolean isTlsType(byte type) {
        return type == HANDSHAKE || type == ALERT;
    }

    /**
     * Returns the answer for a peer that speaks TLS where it must not, and for one that does not speak TLS where it
     * must: a fatal alert unexpected_message. A PortProxy peer understands from it what is wrong. A new buffer.
     */
    public static ByteBuffer unexpectedMessageAlert() {
        return fatalAlert(UNEXPECTED_MESSAGE);
    }

    /** Returns the answer for a client that asks for a name without a certificate. A new buffer. */
    public static ByteBuffer unrecognizedNameAlert() {
        return fatalAlert(UNRECOGNIZED_NAME);
    }

    private static ByteBuffer fatalAlert(int description) {
        return ByteBuffer.wrap(new byte[] {ALERT, MAJOR_VERSION, 3, 0, 2, FATAL, (byte) description});
    }

    /**
     * Returns the fewest bytes that the connection can have, by the head of its first record. If the head is not
     * complete, returns the length of a head.
     */
    static int firstRecordEnd(ByteBuffer first) {
        return first.remaining() < HEADER
                ? HEADER
                : HEADER + Short.toUnsignedInt(first.getShort(first.position() + HEADER - Short.BYTES));
    }

    /** Returns whether these bytes are enough for {@link #describePlain}. */
    static boolean isTelling(ByteBuffer first) {
        return first.remaining() >= TELLING || instruction(first).isPresent();
    }

    /**
     * Describes a peer that does not speak TLS.
     *
     * @param first its first bytes, at least one; not changed
     * @return a phrase that follows "does not speak TLS: "
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
     * Describes a peer that has not sent a greeting of the tunnel protocol, if its protocol can be recognised.
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
     * Returns whether a connection begins with an HTTP request.
     *
     * @param first its first bytes; not changed
     */
    public static boolean isHttpRequest(ByteBuffer first) {
        byte[] bytes = new byte[Math.min(first.remaining(), TELLING)];
        first.get(first.position(), bytes);
        return HTTP_REQUESTS.contains(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /**
     * Recognises the first instruction of a PortProxy peer: its greeting, or heartbeats before it. Returns a
     * description.
     */
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
