package io.portproxy.tunnel.telemetry;

import io.portproxy.net.TimeHistogram.Times;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How streams have opened since the process started, how long that took, and what delayed them.
 *
 * @param opens the number of opens by outcome: {@value #SUCCESS}, or the key of the reason for which the stream ended
 *     before it was open; outcomes that have not occurred are absent
 * @param openTimes the time from the user's connection (server) or the peer's Open (client) until the target is known
 *     to be connected; at the server of a classic tunnel, until its first byte
 * @param firstByteTimes the time from the same moment until the first byte from the target
 * @param windowStalls how often a sender had to stop at a full window
 * @param windowsFull how many senders wait at a full window now
 * @param windowStalledNanos how long senders waited at full windows, in nanoseconds; waits that have not ended do not
 *     count
 * @param requestsRefused requests at ports of {@code type: http} that PortProxy answered itself, and not the target
 */
public record StreamDelays(
        Map<String, Long> opens,
        Times openTimes,
        Times firstByteTimes,
        long windowStalls,
        long windowsFull,
        long windowStalledNanos,
        long requestsRefused) {

    /** The outcome of a stream that has opened. */
    public static final String SUCCESS = "success";

    public StreamDelays {
        opens = Collections.unmodifiableMap(new TreeMap<>(opens));
    }

    /** Returns the sum. Any thread. */
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
