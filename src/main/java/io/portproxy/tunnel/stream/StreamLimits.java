package io.portproxy.tunnel.stream;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Reason;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies the {@link StreamTerms} of one stream, which may change while the stream is open: it gives the stream's reader
 * and writer their bandwidth, and ends the stream when its time is over. On the tunnel's loop.
 */
final class StreamLimits {
    /** The socket of the stream. */
    interface Owner {
        /** Is called when the stream's time is over. */
        void failed(Reason reason, IOException cause);

        /** Is called after a bug. */
        void abort();
    }

    private final EventLoop loop;
    private final StreamTerms terms;
    private final Owner socket;
    private final StreamReader reader;
    private final StreamWriter writer;
    private long begunAt;
    private @Nullable StreamClock clock; // null without limits of time

    StreamLimits(EventLoop loop, StreamTerms terms, Owner socket, StreamReader reader, StreamWriter writer) {
        this.loop = loop;
        this.terms = terms;
        this.socket = socket;
        this.reader = reader;
        this.writer = writer;
    }

    /** Begins to apply the limits: the stream is open from now on. */
    void start() {
        begunAt = loop.turnNanos();
        Optional<StreamBounds> bounds = terms.bounds();
        if (bounds.isPresent()) {
            apply(bounds.get());
        }
    }

    /** Applies the present limits, because they may have changed. */
    void update() {
        apply(terms.bounds().orElse(StreamBounds.NONE));
    }

    private void apply(StreamBounds bounds) {
        stopClock();
        if (bounds.hasTimes()) {
            clock = new StreamClock(loop, bounds, begunAt, this::timeIsOver, socket::abort);
        }
        reader.keep(bounds.paceIn() ? Pace.of(loop, bounds.in(), bounds.inOfOne(), reader) : null);
        writer.keep(bounds.paceOut() ? Pace.of(loop, bounds.out(), bounds.outOfOne(), writer) : null);
    }

    private void timeIsOver(Reason reason, String why) {
        socket.failed(reason, new IOException(why));
    }

    /** Notes that a byte has passed. */
    void active() {
        if (clock != null) {
            clock.active();
        }
    }

    /** Gives the limits back, because the stream needs them no more. May be called more than once. */
    void stop() {
        stopClock();
        loop.guarded(terms::ended);
    }

    private void stopClock() {
        if (clock != null) {
            clock.stop();
            clock = null;
        }
    }
}
