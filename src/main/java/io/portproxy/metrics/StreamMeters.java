package io.portproxy.metrics;

import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;

/**
 * Samples of streams. Totals are always present, so that monitoring sees their first increase. All other samples are present once something
 * was counted.
 */
final class StreamMeters {
    private StreamMeters() {}

    static void add(Samples samples, StreamCounts counts) {
        samples.gauge("portproxy_streams_live", "Streams that are open", counts.live());
        samples.counter("portproxy_streams_opened", "Streams that were opened", counts.opened());
        addBytes(samples.with("direction", "in"), counts.bytesIn());
        addBytes(samples.with("direction", "out"), counts.bytesOut());
        counts.closed()
                .forEach((reason, count) -> samples.with("reason", reason)
                        .counter("portproxy_streams_closed", "Streams that ended, by reason", count));
    }

    static void add(Samples samples, StreamCounts counts, StreamDelays delays) {
        add(samples, counts);
        delays.opens()
                .forEach((outcome, count) -> samples.with("outcome", outcome)
                        .counter(
                                "portproxy_streams_opens",
                                "Streams by whether they came to be used, or why not",
                                count));
        samples.histogramOnceCounted(
                "portproxy_streams_open_time_seconds",
                "From the user's connection, or the peer's wish, to the target's connection",
                delays.openTimes());
        samples.histogramOnceCounted(
                "portproxy_streams_first_byte_time_seconds",
                "From the user's connection, or the peer's wish, to the target's first byte",
                delays.firstByteTimes());
        if (delays.windowStalls() > 0) {
            addStalls(samples, delays);
        }
    }

    private static void addBytes(Samples samples, long bytes) {
        samples.counter("portproxy_streams_transferred_bytes", "Bytes from users (in) and for users (out)", bytes);
    }

    private static void addStalls(Samples samples, StreamDelays delays) {
        samples.sum(
                "portproxy_streams_window_stalls_seconds",
                "How often and how long a sender had to wait because its window was full",
                delays.windowStalls(),
                delays.windowStalledNanos());
        samples.gauge(
                "portproxy_streams_window_full",
                "Senders that wait because their window is full",
                delays.windowsFull());
    }
}
