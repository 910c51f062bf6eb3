package io.portproxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.portproxy.protocol.Identity;
import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes a span of each stream when it has closed. Each end of the stream makes a span, and the stream's identity connects the two. Event
 * loops only hand the event over to another thread. If events come faster than spans are made, the excess events are counted and dropped.
 */
public final class StreamSpans implements EventSink, AutoCloseable {
    private static final int MAX_WAITING = 4096;

    private final Tracer tracer;
    private final LongAdder dropped = new LongAdder();
    private final ThreadPoolExecutor thread;

    /**
     * @param tracer makes the spans, or discards them, depending on its sampling
     * @param registry receives the number of dropped events
     */
    public StreamSpans(Tracer tracer, MeterRegistry registry) {
        this.tracer = tracer;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MAX_WAITING),
                task -> new Thread(task, "spans"),
                (task, executor) -> dropped.increment());
        FunctionCounter.builder("portproxy.spans.dropped", dropped, LongAdder::sum)
                .description("Streams of which no span was made, as too many ended at a time")
                .register(registry);
    }

    @Override
    public void happened(Event event) {
        if (event.type() == Event.Type.STREAM_CLOSED) {
            thread.execute(() -> record(event));
        }
    }

    private void record(Event event) {
        long end = TimeUnit.MILLISECONDS.toNanos(event.atMillis());
        Span.Builder span = tracer.spanBuilder()
                .setNoParent()
                .name("stream")
                .kind(event.whose().server() ? Span.Kind.SERVER : Span.Kind.CLIENT)
                .startTimestamp(end - event.amounts().lastedNanos(), TimeUnit.NANOSECONDS)
                .tag("role", event.whose().server() ? "server" : "client")
                .tag("remote", event.whose().remote())
                .tag("reason", event.why().reason())
                .tag("identity", Identity.format(event.subject().identity()))
                .tag("target", event.subject().target())
                .tag("bytes.in", event.amounts().bytesIn())
                .tag("bytes.out", event.amounts().bytesOut());
        if (!event.subject().port().isEmpty()) {
            span.tag("port", event.subject().port());
        }
        if (!event.subject().user().isEmpty()) {
            span.tag("user", event.subject().user());
        }
        span.start().end(end, TimeUnit.NANOSECONDS);
    }

    /** Makes the spans that wait, for at most a second. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
