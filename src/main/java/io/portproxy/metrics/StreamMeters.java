package io.portproxy.metrics;

import io.micrometer.core.instrument.binder.BaseUnits;
import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.StreamDelays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Meters of what streams have come to. */
final class StreamMeters {
    private static final List<String> OUTCOMES = Stream.concat(
                    Stream.of(StreamDelays.SUCCESS), StreamCounts.REASONS.stream())
            .toList();

    private StreamMeters() {}

    static void register(Meters meters, Supplier<StreamCounts> counts, Supplier<StreamDelays> delays) {
        meters.gauge(
                "portproxy.streams.live",
                "Streams that are open",
                () -> counts.get().live());
        meters.counter(
                "portproxy.streams.opened",
                "Streams that were opened",
                () -> counts.get().opened());
        String bytes = "Bytes from users (in) and for users (out)";
        meters.with("direction", "in")
                .counter(
                        "portproxy.streams.transferred",
                        bytes,
                        BaseUnits.BYTES,
                        () -> counts.get().bytesIn());
        meters.with("direction", "out")
                .counter(
                        "portproxy.streams.transferred",
                        bytes,
                        BaseUnits.BYTES,
                        () -> counts.get().bytesOut());
        for (String reason : StreamCounts.REASONS) {
            meters.with("reason", reason)
                    .counter(
                            "portproxy.streams.closed",
                            "Streams that ended, by reason",
                            () -> counts.get().closed().getOrDefault(reason, 0L));
        }
        registerDelays(meters, delays);
    }

    private static void registerDelays(Meters meters, Supplier<StreamDelays> delays) {
        for (String outcome : OUTCOMES) {
            meters.with("outcome", outcome)
                    .counter(
                            "portproxy.streams.opens",
                            "Streams by whether they came to be used, or why not",
                            () -> delays.get().opens().getOrDefault(outcome, 0L));
        }
        meters.histogram(
                "portproxy.streams.open.time",
                "From the user's connection, or the peer's wish, to the target's connection",
                () -> delays.get().openTimes());
        meters.histogram(
                "portproxy.streams.first.byte.time",
                "From the user's connection, or the peer's wish, to the target's first byte",
                () -> delays.get().firstByteTimes());
        meters.times(
                "portproxy.streams.window.stalls",
                "How often a sender came to stand at a full window, and for how long",
                () -> delays.get().windowStalls(),
                () -> delays.get().windowStalledNanos());
        meters.gauge(
                "portproxy.streams.window.full",
                "Senders that stand at a full window",
                () -> delays.get().windowsFull());
    }
}
