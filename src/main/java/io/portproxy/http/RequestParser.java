package io.portproxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Jetty's parser on one request: its head, and its body if that is chunked. */
final class RequestParser {
    /** Jetty refuses a {@code Host} with a colon and no port, which RFC 3986 allows; {@link Authority} reads the raw one. */
    private static final HttpCompliance COMPLIANCE =
            HttpCompliance.STRICT.with("host", HttpCompliance.Violation.UNSAFE_HOST_HEADER);

    private final Events events = new Events();
    private final HttpParser parser = new HttpParser(events, -1, COMPLIANCE);
    private final int maxOverhead;
    private FieldRules trailerRules = FieldRules.NONE;

    /** Bytes since the last byte of content, of a chunk's frame or of the trailers. */
    private int overhead;

    /** @param maxOverhead the most bytes of one chunk's extensions, or of the trailers */
    RequestParser(int maxOverhead) {
        this.maxOverhead = maxOverhead;
        // A parser for one message has no use for a cache of earlier fields.
        parser.setHeaderCacheSize(0);
    }

    /**
     * Parses from the position of {@code view}, moves it behind what was taken, and stops behind the head.
     *
     * @return whether the head is complete
     * @throws RefusedException if it is malformed; then the position is anywhere
     */
    boolean parseHead(ByteBuffer view) throws RefusedException {
        parser.parseNext(view);
        events.throwIfRefused();
        return events.headComplete;
    }

    /** From now on fields that these take out of heads are refused in trailers, which a target may take for fields of a head. */
    void refuseInTrailers(FieldRules rules) {
        trailerRules = rules;
    }

    /** Whether the request line has been read. */
    boolean requestLineComplete() {
        return events.lineComplete;
    }

    /** The body's length, negative if the head gives none. Not before the head is complete. */
    long contentLength() {
        return parser.getContentLength();
    }

    /**
     * Parses a chunked body from the position of {@code view}, moves it behind what was taken, and stops behind the
     * body.
     *
     * @return whether the body is complete
     * @throws RefusedException if it is malformed; then position and limit are anywhere
     */
    boolean parseChunked(ByteBuffer view) throws RefusedException {
        events.parsed = view;
        events.overheadFrom = view.position();
        parser.parseNext(view);
        events.throwIfRefused();
        count(view.position());
        events.throwIfRefused();
        return events.bodyComplete;
    }

    /** What is between the mark and {@code position} was no content. */
    private void count(int position) {
        overhead += position - events.overheadFrom;
        if (overhead > maxOverhead) {
            events.refuse(RefusedException.badRequest("A chunk's extensions or the trailers are too long"));
        }
    }

    /** Jetty's calls, which cannot throw a checked exception through the parser. */
    private final class Events implements HttpParser.RequestHandler {
        private boolean lineComplete;
        private boolean headComplete;
        private boolean bodyComplete;
        private int overheadFrom;
        private ByteBuffer parsed = ByteBuffer.allocate(0);
        private @Nullable RefusedException refused;

        private void refuse(RefusedException reason) {
            if (refused == null) {
                refused = reason;
            }
        }

        private void throwIfRefused() throws RefusedException {
            if (refused != null) {
                throw refused;
            }
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            lineComplete = true;
        }

        @Override
        public void parsedHeader(HttpField field) {
            // The raw line is read later.
        }

        @Override
        public boolean headerComplete() {
            headComplete = true;
            return true;
        }

        /** {@code item} is a slice of what is parsed, whose position is behind it already. */
        @Override
        public boolean content(ByteBuffer item) {
            count(parsed.position() - item.remaining());
            overhead = 0;
            overheadFrom = parsed.position();
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public void parsedTrailer(HttpField field) {
            try {
                FieldNames.checkTrailer(field.getName(), trailerRules);
            } catch (RefusedException e) {
                refuse(e);
            }
        }

        @Override
        public boolean messageComplete() {
            bodyComplete = true;
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            String reason = failure.getReason();
            refuse(new RefusedException(failure.getCode(), reason == null ? "Malformed request" : reason));
        }

        /** How Jetty reports a malformed body. */
        @Override
        public void earlyEOF() {
            refuse(RefusedException.badRequest("Malformed chunk or trailer"));
        }
    }
}
