package io.portproxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.portproxy.tunnel.telemetry.Event;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class StreamSpansTest {
    private static final long END = 1_700_000_000_123L;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static Event event(Event.Type type, boolean server) {
        return new Event(
                type,
                END,
                new Event.Whose(server, "home"),
                new Event.Carried(server ? "127.0.0.1:6688" : "", 0xabc, "192.0.2.7:1234", "127.0.0.1:80"),
                Event.Why.reason("user_reset"),
                new Event.Amounts(10, 2000, TimeUnit.MILLISECONDS.toNanos(1500)));
    }

    @Test
    void aStreamThatHasClosedIsASpanThatSaysWhatItWas() {
        SimpleTracer tracer = new SimpleTracer();
        try (StreamSpans spans = new StreamSpans(tracer, registry)) {
            spans.happened(event(Event.Type.STREAM_OPENED, true));
            spans.happened(event(Event.Type.STREAM_CLOSED, true));
            await().until(() -> !tracer.getSpans().isEmpty());
        }

        SimpleSpan span = tracer.onlySpan();
        assertThat(span.getName()).isEqualTo("stream");
        assertThat(span.getKind()).isEqualTo(Span.Kind.SERVER);
        assertThat(span.getTags())
                .containsEntry("remote", "home")
                .containsEntry("port", "127.0.0.1:6688")
                .containsEntry("reason", "user_reset")
                .containsEntry("identity", "000000000abc")
                .containsEntry("user", "192.0.2.7:1234")
                .containsEntry("target", "127.0.0.1:80")
                .containsEntry("bytes.in", "10")
                .containsEntry("bytes.out", "2000");
    }

    /** Uses mocks, because {@link SimpleSpan} takes its end time in microseconds for milliseconds. */
    @Test
    void aSpanBeginsAndEndsWithItsStream() {
        Span span = Mockito.mock();
        Span.Builder builder = Mockito.mock(Mockito.RETURNS_SELF);
        Mockito.when(builder.start()).thenReturn(span);
        Tracer tracer = Mockito.mock();
        Mockito.when(tracer.spanBuilder()).thenReturn(builder);
        try (StreamSpans spans = new StreamSpans(tracer, registry)) {
            spans.happened(event(Event.Type.STREAM_CLOSED, true));

            Mockito.verify(span, Mockito.timeout(10_000)).end(TimeUnit.MILLISECONDS.toNanos(END), TimeUnit.NANOSECONDS);
        }
        Mockito.verify(builder).startTimestamp(TimeUnit.MILLISECONDS.toNanos(END - 1500), TimeUnit.NANOSECONDS);
    }

    @Test
    void whatTheRemoteDoesNotKnowIsLeftOut() {
        SimpleTracer tracer = new SimpleTracer();
        try (StreamSpans spans = new StreamSpans(tracer, registry)) {
            spans.happened(event(Event.Type.STREAM_CLOSED, false));
            await().until(() -> !tracer.getSpans().isEmpty());
        }

        assertThat(tracer.onlySpan().getKind()).isEqualTo(Span.Kind.CLIENT);
        assertThat(tracer.onlySpan().getTags()).containsEntry("role", "client").doesNotContainKey("port");
    }

    @Test
    void moreThanCanBeMadeIsCountedAndHoldsNobodyUp() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Tracer stuck = Mockito.mock(Tracer.class, call -> {
            release.await();
            return Tracer.NOOP.spanBuilder();
        });
        try (StreamSpans spans = new StreamSpans(stuck, registry)) {
            for (int i = 0; i < 5000; i++) {
                spans.happened(event(Event.Type.STREAM_CLOSED, true));
            }
            assertThat(registry.get("portproxy.spans.dropped").functionCounter().count())
                    .isEqualTo(5000 - 1 - 4096); // one span is being made
            release.countDown();
        }
    }
}
