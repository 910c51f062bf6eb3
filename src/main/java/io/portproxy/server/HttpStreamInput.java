package io.portproxy.server;

import io.portproxy.http.HttpRequestRewriter;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Timers;
import io.portproxy.protocol.Wire;
import io.portproxy.tunnel.StreamInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A user's bytes at a port of {@code type: http}: passes them through an {@link HttpRequestRewriter}. */
final class HttpStreamInput implements StreamInput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EventLoop loop;
    private final HttpRequestRewriter rewriter;
    private final Duration refusalTimeout;
    private ByteBuffer held = NOTHING; // read from the socket, not yet taken by the rewriter; at most a short frame
    private boolean outputHeld; // the rewriter has more to give
    private boolean refused;
    private boolean refusalLate; // the target owes responses from before the refused request, for too long now
    private @Nullable Runnable resume;
    private Timers.@Nullable Timer timer;

    /**
     * @param refusalTimeout how long a refusal waits for the responses that belong before it
     */
    HttpStreamInput(EventLoop loop, HttpRequestRewriter rewriter, Duration refusalTimeout) {
        this.loop = loop;
        this.rewriter = rewriter;
        this.refusalTimeout = refusalTimeout;
    }

    @Override
    public void resumeWith(Runnable action) {
        resume = action;
    }

    @Override
    public int read(ReadableByteChannel socket, ByteBuffer out) throws IOException {
        if (refused) {
            return refusalLate ? END : REFUSED;
        }
        if (held.hasRemaining() || outputHeld) {
            return rewrite(held, out);
        }
        if (rewriter.transparent()) {
            return socket.read(out);
        }
        ByteBuffer in = loop.readBuffer();
        in.limit(Math.min(Wire.MAX_SHORT_DATA_SENT, out.remaining()));
        if (socket.read(in) < 0) {
            return END;
        }
        int result = rewrite(in.flip(), out);
        if (in.hasRemaining() && !refused) {
            held = ByteBuffer.allocate(in.remaining()).put(in).flip();
        }
        return result;
    }

    private int rewrite(ByteBuffer in, ByteBuffer out) {
        int start = out.position();
        HttpRequestRewriter.Result result = rewriter.rewrite(in, out);
        outputHeld = result == HttpRequestRewriter.Result.OUTPUT_FULL;
        if (result == HttpRequestRewriter.Result.REFUSED) {
            refuse();
        } else if (result == HttpRequestRewriter.Result.TRANSPARENT) {
            int length = Math.min(in.remaining(), out.remaining());
            out.put(out.position(), in, in.position(), length).position(out.position() + length);
            in.position(in.position() + length);
        }
        if (refused || !in.hasRemaining()) {
            held = NOTHING;
        }
        int length = out.position() - start;
        return length == 0 && refused && !isPaused() ? REFUSED : length;
    }

    private void refuse() {
        refused = true;
        if (!rewriter.refusalDue()) {
            timer = loop.timers().after(refusalTimeout.toNanos(), () -> {
                refusalLate = true;
                if (resume != null) {
                    resume.run();
                }
            });
        }
    }

    @Override
    public boolean hasHeld() {
        return held.hasRemaining() || outputHeld || refused;
    }

    @Override
    public boolean isPaused() {
        return refused ? !refusalLate && !rewriter.refusalDue() : rewriter.awaitingResponse() && !outputHeld;
    }

    @Override
    public void delivering(ByteBuffer data) {
        if (rewriter.watchesResponses()) {
            rewriter.response(data);
        }
    }

    @Override
    public ByteBuffer refusal() {
        return ByteBuffer.wrap(rewriter.refusal());
    }

    @Override
    public String refusalReason() {
        return rewriter.refusalReason();
    }

    @Override
    public void closed() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
