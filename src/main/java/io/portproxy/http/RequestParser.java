package io.portproxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Parses one request with Jetty's parser: its head, and its body if that is chunked. */
final class RequestParser {
    /** Allows a {@code Host} with a colon and no port, as RFC 3986 does. Jetty would refuse it; {@link Authority} checks it. */
    private static final HttpCompliance COMPLIANCE =
            HttpCompliance.STRICT.with("host", HttpCompliance.Violation.UNSAFE_HOST_HEADER);

    private final Events events = new Events();
    private final HttpParser parser = new HttpParser(events, -1, COMPLIANCE);
    private final int maxOverhead;
    private FieldRules trailerRules = FieldRules.NONE;

    /** Bytes of a chunk's frame or of the trailers since the last byte of content. */
    private int overhead;

    /** @param maxOverhead the most bytes of one chunk's extensions, or of the trailers */
    RequestParser(int maxOverhead) {
        this.maxOverhead = maxOverhead;
        // A parser for one message does not need a cache of earlier fields.
        parser.setHeaderCacheSize(0);
    }

    /**
     * Parses from the position of {@code view}, moves it after the parsed bytes, and stops after the head.
     *
     * @return whether the head is complete
     * @throws RefusedException if the head is malformed; then the position is undefined
     */
    boolean parseHead(ByteBuffer view) throws RefusedException {
        parser.parseNext(view);
        events.throwIfRefused();
        return events.headComplete;
    }

    /** Refuses trailers with names that these rules take out of heads. A target could take such trailers for fields of the head. */
    void refuseInTrailers(FieldRules rules) {
        trailerRules = rules;
    }

    /** Returns whether the request line has been read. */
    boolean requestLineComplete() {
        return events.lineComplete;
    }

    /** Returns the body's length, negative if the head gives none. Call it only after the head is complete. */
    long contentLength() {
        return parser.getContentLength();
    }

    /**
     * Parses a chunked body from the position of {@code view}, moves it after the parsed bytes, and stops after the
     * body.
     *
     * @return whether the body is complete
     * @throws RefusedException if the body is malformed; then position and limit are undefined
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

    /** Counts the bytes between the mark and {@code position}, which are not content. */
    private void count(int position) {
        overhead += position - events.overheadFrom;
        if (overhead > maxOverhead) {
            events.refuse(RefusedException.badRequest("A chunk's extensions or the trailers are too long"));
        }
    }

    /** Receives Jetty's callbacks. They cannot throw a checked exception through the parser. */
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
            // RequestHead reads the raw line later.
        }

        @Override
        public boolean headerComplete() {
            headComplete = true;
            return true;
        }

        /** Resets the count at content. {@code item} is a slice of the parsed buffer, whose position is already after the slice. */
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

        /** Refuses a malformed body, which Jetty reports in this way. */
        @Override
        public void earlyEOF() {
            refuse(RefusedException.badRequest("Malformed chunk or trailer"));
        }
    }
}
