package io.portproxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.portproxy.net.LoopStats;
import java.util.List;

/** The meters of the event loops. */
public final class LoopMeters implements MeterBinder {
    private final List<LoopStats> loops;

    /**
     * @param series receives the histograms
     * @param loops the loops of the process
     */
    public LoopMeters(Series series, List<LoopStats> loops) {
        this.loops = List.copyOf(loops);
        series.add(samples -> this.loops.forEach(loop -> addHistograms(samples.with("loop", loop.name()), loop)));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        loops.forEach(loop -> bind(new Meters(registry, loop, Tags.of("loop", loop.name())), loop));
    }

    private static void bind(Meters meters, LoopStats loop) {
        meters.timeGauge(
                "portproxy.loop.turn.time.max",
                "The longest turn of the last minute or two, the current one included",
                loop::longestTurn);
        meters.gauge(
                "portproxy.loop.ended",
                "1 when the event loop has ended by itself and the process must be started again, else 0",
                () -> loop.hasEnded() ? 1 : 0);
        meters.gauge("portproxy.loop.tasks", "Tasks that wait for an event loop", loop::tasks);
        meters.counter("portproxy.loop.tasks.refused", "Tasks that found too many waiting already", loop::tasksRefused);
        meters.counter(
                "portproxy.loop.failures",
                "Unexpected exceptions; each has ended a connection or a task",
                loop::failures);
        meters.counter(
                "portproxy.accepts.failed",
                "Connections that could not be accepted, most often for want of a file descriptor",
                loop::acceptsFailed);
        meters.counter(
                "portproxy.linger.timeouts",
                "Finished connections whose peer did not close its side in time",
                loop::lingerTimeouts);
    }

    /**
     * Adds the histograms of a loop. They do not use Micrometer, because the loops already count by size, and Micrometer accepts only
     * single values, each at some cost.
     */
    private static void addHistograms(Samples samples, LoopStats loop) {
        samples.histogram(
                "portproxy_loop_turn_time_seconds",
                "How long an event loop's turns took, without its waiting",
                loop.turns());
        samples.histogram("portproxy_loop_lag_seconds", "How late an event loop's timers ran", loop.lags());
    }
}
