package io.portproxy.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Follows the responses far enough to know which request each one answers and what the answer to an {@code Upgrade} or
 * {@code CONNECT} is. Heads and chunk sizes are read, bodies are stepped over a buffer at a time, nothing is kept.
 *
 * <p>Nothing less will do: whoever looks for a status line only from the {@code Upgrade} on may begin in the middle of
 * an earlier response, whose body can be a user's own and say {@code HTTP/1.1 101}. After anything it does not
 * understand it has {@linkplain State#LOST lost} its place for good, and no later answer counts.
 *
 * <p>It relies on the target framing its own responses as HTTP says, as the user's side has to as well.
 */
final class ResponseWatch {
    /** How far the responses are understood. {@code FOLLOWING} leads to each of the others, which are final. */
    enum State {
        FOLLOWING,
        /** The response under way ends with the connection; none comes after it. */
        LAST,
        /** What comes cannot be told any more. */
        LOST,
        /** The connection has stopped being HTTP. */
        SWITCHED
    }

    /** More pipelined requests than this are not worth the memory to follow. */
    static final int MAX_OUTSTANDING = 64;

    /** The most bytes of a response head. */
    private static final int MAX_HEAD = 64 * 1024;

    private State state = State.FOLLOWING;
    private int outstanding;

    /** Bit i: the i-th request without a complete response, oldest first, is a HEAD. */
    private long heads;

    /** What the newest request is, until its response has told. */
    private RequestKind awaited = RequestKind.PLAIN;

    /** The response under way; none between two. */
    private @Nullable Response response;

    /** A request of that kind is on its way to the target. The newest one may not be awaited still. */
    void requested(RequestKind kind) {
        if (state != State.FOLLOWING) {
            return;
        }
        if (outstanding == MAX_OUTSTANDING) {
            end(State.LOST);
            return;
        }
        if (kind == RequestKind.HEAD) {
            heads |= 1L << outstanding;
        }
        outstanding++;
        awaited = kind.mayEndHttp() ? kind : RequestKind.PLAIN;
    }

    State state() {
        return state;
    }

    /** Whether one more request's response would be told from the others. */
    boolean canFollowAnother() {
        return state == State.FOLLOWING && outstanding < MAX_OUTSTANDING;
    }

    /** Whether the newest request has no final status yet that decides how the connection goes on. */
    boolean awaiting() {
        return awaited.mayEndHttp() && (state == State.FOLLOWING || state == State.LAST);
    }

    /** Requests without a complete response. */
    int outstanding() {
        return outstanding;
    }

    /** Whether a response has begun and not ended. */
    boolean midResponse() {
        return response != null;
    }

    /** Takes bytes on their way to the user; does not change {@code data}'s position. */
    void observe(ByteBuffer data) {
        int position = data.position();
        int limit = data.limit();
        while (state == State.FOLLOWING && data.hasRemaining()) {
            step(data);
        }
        // Jetty clears a buffer that it does not like.
        data.limit(limit).position(position);
    }

    private void step(ByteBuffer data) {
        Response current = response;
        if (current == null) {
            if (outstanding == 0) {
                end(State.LOST);
                return;
            }
            current = new Response();
            response = current;
        }
        current.parser.parseNext(data);
        if (state != State.FOLLOWING) {
            return;
        }
        if (current.failed) {
            end(State.LOST);
        } else if (current.complete) {
            completed(current.status);
        } else if (current.parser.isState(HttpParser.State.EOF_CONTENT)) {
            state = State.LAST;
        }
    }

    /** RFC 9112 section 9.2: an interim response is followed by the final one to the same request. */
    private void completed(int status) {
        response = null;
        if (status >= 200) {
            outstanding--;
            heads >>>= 1;
        }
    }

    /** Returns whether parsing has to stop. */
    private boolean headComplete(int status) {
        RequestKind answered = outstanding == 1 ? awaited : RequestKind.PLAIN;
        if (answered == RequestKind.CONNECT && status >= 200 && status < 300) {
            end(State.SWITCHED);
        } else if (status == 101) {
            end(answered == RequestKind.UPGRADE ? State.SWITCHED : State.LOST);
        } else if (status >= 200 && answered.mayEndHttp()) {
            awaited = RequestKind.PLAIN;
        }
        return state != State.FOLLOWING;
    }

    private void end(State last) {
        state = last;
        response = null;
        awaited = RequestKind.PLAIN;
    }

    /** Jetty's parser on one response, interim or final. */
    private final class Response implements HttpParser.ResponseHandler {
        private final HttpParser parser = new HttpParser(this, MAX_HEAD, HttpCompliance.STRICT);
        private int status;
        private boolean complete;
        private boolean failed;

        private Response() {
            parser.setHeaderCacheSize(0);
        }

        @Override
        public void startResponse(HttpVersion version, int code, @Nullable String reason) {
            status = code;
        }

        @Override
        public void parsedHeader(HttpField field) {
            // Jetty takes from it how the body is framed; no other field matters here.
        }

        @Override
        public boolean headerComplete() {
            parser.setHeadResponse((heads & 1) != 0);
            return headComplete(status);
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
