package io.portproxy.tunnel.telemetry;

import io.portproxy.net.TimeHistogram.Times;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How streams have opened since the process started, how fast, and what held them up.
 *
 * @param opens how many opens came out how: {@value #SUCCESS}, or the key of the reason why the stream ended before; only
 *     what has happened
 * @param openTimes from the user's connection (server) or the peer's Open (client) to the word that the target is there;
 *     classic, at the server, to its first byte
 * @param firstByteTimes from the same moment to the first byte from the target
 * @param windowStalls how often a sender came to stand at a full window
 * @param windowsFull how many stand there now
 * @param windowStalledNanos for how long they stood there, those that stand now left out
 * @param requestsRefused requests that were answered here and not by the target, at ports of {@code type: http}
 */
public record StreamDelays(
        Map<String, Long> opens,
        Times openTimes,
        Times firstByteTimes,
        long windowStalls,
        long windowsFull,
        long windowStalledNanos,
        long requestsRefused) {

    /** The outcome of a stream that could be used. */
    public static final String SUCCESS = "success";

    public StreamDelays {
        opens = Collections.unmodifiableMap(new TreeMap<>(opens));
    }

    /** The sum. Any thread. */
    public static StreamDelays sum(Collection<StreamDelays> parts) {
        Map<String, Long> opens = new TreeMap<>();
        parts.forEach(each -> each.opens().forEach((outcome, count) -> opens.merge(outcome, count, Long::sum)));
        return new StreamDelays(
                opens,
                Times.sum(parts.stream().map(each -> each.openTimes()).toList()),
                Times.sum(parts.stream().map(each -> each.firstByteTimes()).toList()),
                parts.stream().mapToLong(each -> each.windowStalls()).sum(),
                parts.stream().mapToLong(each -> each.windowsFull()).sum(),
                parts.stream().mapToLong(each -> each.windowStalledNanos()).sum(),
                parts.stream().mapToLong(each -> each.requestsRefused()).sum());
    }
}
