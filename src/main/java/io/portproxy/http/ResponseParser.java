package io.portproxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Parses one response with Jetty's parser, interim or final. */
final class ResponseParser {
    /** The most bytes of a response head. */
    static final int MAX_HEAD = 64 * 1024;

    /** How much of the response is parsed. {@code FAILED} is final. */
    private enum Progress {
        /** The head is not complete. */
        HEAD,
        /** The head is complete, and the body is not. */
        BODY,
        /** The body is complete. */
        COMPLETE,
        /** The response is malformed, or its head is too long. */
        FAILED
    }

    private final Events events = new Events();
    // Jetty's own limit stays off. With assertions on, Jetty reports a head that is too large by a failed assertion.
    private final HttpParser parser = new HttpParser(events, -1, HttpCompliance.STRICT);
    private long headLength;

    ResponseParser() {
        // A parser for one message does not need a cache of earlier fields.
        parser.setHeaderCacheSize(0);
    }

    /** Parses from the position, stops after the head, and returns whether the head is complete. */
    boolean parseHead(ByteBuffer data) {
        int from = data.position();
        parser.parseNext(data);
        headLength += data.position() - from;
        if (headLength > MAX_HEAD) {
            events.fail();
        }
        return headComplete();
    }

    /** Parses from the position, stops after the body, and returns whether the body is complete. */
    boolean parseBody(ByteBuffer data) {
        parser.parseNext(data);
        return events.progress == Progress.COMPLETE;
    }

    /** Says, after the head, whether the response answers a HEAD, so that no body follows. */
    void headOf(boolean head) {
        parser.setHeadResponse(head);
        events.bodyless |= head;
    }

    boolean failed() {
        return events.progress == Progress.FAILED;
    }

    boolean headComplete() {
        return events.progress == Progress.BODY || events.progress == Progress.COMPLETE;
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

    /** Returns whether the body ends with the connection. */
    boolean untilEnd() {
        return !events.bodyless && parser.isState(HttpParser.State.EOF_CONTENT);
    }

    /**
     * Returns whether the response frames its body in a way that two readers could understand differently. An interim
     * response and a 204 have no body (RFC 9110 section 8.6, RFC 9112 section 6.1). HTTP/1.0 has neither interim
     * responses nor chunks.
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
        private Progress progress = Progress.HEAD;

        /** Goes on to the next part, unless the response has failed. */
        private void proceedTo(Progress next) {
            if (progress != Progress.FAILED) {
                progress = next;
            }
        }

        private void fail() {
            progress = Progress.FAILED;
        }

        @Override
        public void startResponse(HttpVersion sent, int code, @Nullable String reason) {
            version = sent;
            status = code;
        }

        @Override
        public void parsedHeader(HttpField field) {
            // Jetty takes the framing of the body from it.
            chunked |= field.getHeader() == HttpHeader.TRANSFER_ENCODING;
        }

        @Override
        public boolean headerComplete() {
            proceedTo(Progress.BODY);
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
            proceedTo(Progress.COMPLETE);
            return true;
        }

        @Override
        public void badMessage(HttpException failure) {
            fail();
        }

        @Override
        public void earlyEOF() {
            fail();
        }
    }
}
