package io.portproxy.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The body of one request on its way through: as long as the head says, or in chunks, whose framing is followed. */
final class RequestBody {
    private final @Nullable RequestParser chunks; // of a chunked one
    private long left; // of another

    private RequestBody(@Nullable RequestParser chunks, long left) {
        this.chunks = chunks;
        this.left = left;
    }

    /** That of a request whose head the parser has read; null if it has none. */
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
     * Puts what there is of it, and has room, from {@code in} into {@code out}.
     *
     * @return whether this was its end
     * @throws RefusedException its framing is malformed
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
            // Jetty clears a buffer that it does not like.
            in.limit(limit);
        }
    }

    /** Moves the position behind it, as far as there is any. */
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
