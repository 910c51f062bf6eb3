package io.portproxy.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The body of one request while it is relayed. Its length is in the head, or it is chunked, and then the framing is parsed. */
final class RequestBody {
    private final @Nullable RequestParser chunks; // for a chunked body
    private long left; // bytes left of a body with a length

    private RequestBody(@Nullable RequestParser chunks, long left) {
        this.chunks = chunks;
        this.left = left;
    }

    /** Returns the body of a request whose head the parser has read; null if it has none. */
    static @Nullable RequestBody of(RequestHead request, RequestParser parser) {
        if (request.chunked()) {
            return new RequestBody(parser, 0);
        }
        return parser.contentLength() > 0 ? new RequestBody(null, parser.contentLength()) : null;
    }

    boolean isChunked() {
        return chunks != null;
    }

    /**
     * Moves the available bytes of the body from {@code in} to {@code out}, as far as there is room.
     *
     * @return whether the body is complete
     * @throws RefusedException if its framing is malformed
     */
    boolean relay(ByteBuffer in, ByteBuffer out) throws RefusedException {
        int limit = in.limit();
        int start = in.position();
        long most = isChunked() ? Long.MAX_VALUE : left;
        in.limit(start + (int) Math.min(Math.min(in.remaining(), out.remaining()), most));
        try {
            boolean over = take(in);
            in.limit(in.position()).position(start);
            out.put(in);
            return over;
        } finally {
            // Jetty clears a buffer when it finds an error in it.
            in.limit(limit);
        }
    }

    /** Moves the position of {@code in} after the bytes of the body. Returns whether the body is complete. */
    private boolean take(ByteBuffer in) throws RefusedException {
        RequestParser parser = chunks;
        if (parser != null) {
            return parser.parseChunked(in);
        }
        left -= in.remaining();
        in.position(in.limit());
        return left == 0;
    }
}
