package io.portproxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Jetty's parser on one response, interim or final. */
final class ResponseParser {
    /** The most bytes of a response head. */
    static final int MAX_HEAD = 64 * 1024;

    private final Events events = new Events();
    // Without a limit of its own: with one, it tells of a head that is too large by a failed assertion where these are
    // on.
    private final HttpParser parser = new HttpParser(events, -1, HttpCompliance.STRICT);
    private long headLength;

    ResponseParser() {
        // A parser for one message has no use for a cache of earlier fields.
        parser.setHeaderCacheSize(0);
    }

    /** Parses from the position, stops behind the head, and returns whether it is complete. */
    boolean parseHead(ByteBuffer data) {
        int from = data.position();
        parser.parseNext(data);
        headLength += data.position() - from;
        events.failed |= headLength > MAX_HEAD;
        return events.headComplete;
    }

    /** Parses from the position, stops behind the body, and returns whether it is complete. */
    boolean parseBody(ByteBuffer data) {
        parser.parseNext(data);
        return events.complete;
    }

    /** After the head: whether it answers a HEAD, so that no body follows. */
    void headOf(boolean head) {
        parser.setHeadResponse(head);
        events.bodyless |= head;
    }

    boolean failed() {
        return events.failed;
    }

    boolean headComplete() {
        return events.headComplete;
    }

    boolean is(int status) {
        return events.status == status;
    }

    int status() {
        return events.status;
    }

    boolean isFinal() {
        return events.status >= 200;
    }

    boolean succeeds() {
        return events.status >= 200 && events.status < 300;
    }

    /** Whether the body ends with the connection. */
    boolean untilEnd() {
        return !events.bodyless && parser.isState(HttpParser.State.EOF_CONTENT);
    }

    /**
     * Whether it frames a body in a way that two readers could understand differently: an interim response or a 204 has none
     * (RFC 9110 section 8.6, RFC 9112 section 6.1), and HTTP/1.0 knows neither interim responses nor chunks.
     */
    boolean misframed() {
        boolean framed = events.chunked || parser.getContentLength() > 0;
        boolean old = events.version == HttpVersion.HTTP_1_0;
        return (framed && (!isFinal() || is(204))) || (old && (events.chunked || !isFinal()));
    }

    private static final class Events implements HttpParser.ResponseHandler {
        private @Nullable HttpVersion version;
        private int status;
        private boolean chunked;
        private boolean bodyless;
        private boolean headComplete;
        private boolean complete;
        private boolean failed;

        @Override
        public void startResponse(HttpVersion sent, int code, @Nullable String reason) {
            version = sent;
            status = code;
        }

        @Override
        public void parsedHeader(HttpField field) {
            // Jetty takes from it how the body is framed.
            chunked |= field.getHeader() == HttpHeader.TRANSFER_ENCODING;
        }

        @Override
        public boolean headerComplete() {
            headComplete = true;
            return true;
        }

        @Override
        public boolean content(ByteBuffer item) {
            return false;
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            complete = true;
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            failed = true;
        }

        @Override
        public void earlyEOF() {
            failed = true;
        }
    }
}
