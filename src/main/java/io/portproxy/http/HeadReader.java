package io.portproxy.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Collects the bytes of one request head. Jetty's parser tells it where the head ends. */
final class HeadReader {
    /** The most bytes of empty lines before a request: four lines. RFC 9112 section 2.2 asks to skip at least one. */
    private static final int MAX_EMPTY_LINE_BYTES = 8;

    private static final int STEP = 1024;
    private static final byte TLS_HANDSHAKE = 0x16;
    private static final byte[] NOTHING = {};

    private final int max;
    private final RequestParser parser;
    private byte[] bytes = NOTHING;
    private int length;
    private int emptyLineBytes;

    /** @param max the most bytes of a head */
    HeadReader(int max) {
        this.max = max;
        this.parser = new RequestParser(max);
    }

    /**
     * Takes bytes of the head, and none after it.
     *
     * @return whether the head is complete; if not, {@code in} is empty
     * @throws RefusedException if the head is malformed or too long
     */
    boolean read(ByteBuffer in) throws RefusedException {
        if (length == 0) {
            skipEmptyLines(in);
        }
        while (in.hasRemaining()) {
            if (length == max) {
                throw tooLong();
            }
            if (readSome(in)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the head, after {@link #read} has returned true.
     *
     * @throws RefusedException if PortProxy does not relay such a request
     */
    RequestHead complete(RequestRules rules, Switching switching) throws RefusedException {
        parser.refuseInTrailers(rules.fields());
        return RequestHead.read(bytes, length, parser.contentLength(), rules, switching);
    }

    /** Returns the style of an answer to the part that has arrived. */
    AnswerStyle style() {
        return AnswerStyle.ofPart(bytes, length);
    }

    /** Returns the part that has arrived, as far as it can be read; empty if its first line is not complete. */
    Optional<RequestView> partial() {
        return PartialHead.of(bytes, length);
    }

    /** Returns the bytes that have arrived, unchanged. */
    byte[] raw() {
        return Arrays.copyOf(bytes, length);
    }

    /** Returns whether the head has begun, after the empty lines that may stand before it. */
    boolean begun() {
        return length > 0;
    }

    /** Returns the parser, which goes on to parse the body if that is chunked. */
    RequestParser parser() {
        return parser;
    }

    int heldBytes() {
        return bytes.length;
    }

    private boolean readSome(ByteBuffer in) throws RefusedException {
        int start = in.position();
        int count = Math.min(Math.min(in.remaining(), STEP), max - length);
        reserve(count);
        in.get(bytes, length, count);
        ByteBuffer view = ByteBuffer.wrap(bytes, length, count);
        boolean complete;
        try {
            complete = parser.parseHead(view);
        } catch (RefusedException e) {
            length += count; // so that raw() and partial() include what was refused
            throw e;
        }
        int taken = view.position() - length;
        in.position(start + taken);
        length += taken;
        return complete;
    }

    /** Makes room: exactly what is needed for a head in one packet, double the size for a longer one. */
    private void reserve(int count) {
        if (bytes.length < length + count) {
            int size = length == 0 ? count : Math.max(2 * bytes.length, length + count);
            bytes = Arrays.copyOf(bytes, Math.min(size, max));
        }
    }

    private void skipEmptyLines(ByteBuffer in) throws RefusedException {
        while (in.hasRemaining()) {
            byte next = in.get(in.position());
            boolean lineFeedDue = (emptyLineBytes & 1) != 0;
            if (next != (lineFeedDue ? '\n' : '\r')) {
                checkFirst(next, lineFeedDue);
                return;
            }
            if (emptyLineBytes == MAX_EMPTY_LINE_BYTES) {
                throw RefusedException.badRequest("Too many empty lines ahead of the request");
            }
            in.get();
            emptyLineBytes++;
        }
    }

    private static void checkFirst(byte first, boolean lineFeedDue) throws RefusedException {
        if (lineFeedDue) {
            throw RefusedException.badRequest("A carriage return without a line feed");
        }
        if (first == TLS_HANDSHAKE) {
            throw RefusedException.badRequest("This port speaks plain HTTP and was sent TLS; use http://");
        }
    }

    private RefusedException tooLong() {
        return parser.requestLineComplete()
                ? new RefusedException(431, "The request head is longer than " + max + " bytes")
                : new RefusedException(414, "The request line is longer than " + max + " bytes");
    }
}
