package io.portproxy.admin.api;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The throughput of the last minutes, so that an operator who opens the dashboard sees what happened before. It reads
 * counters that exist anyway. Any thread.
 */
@Component
@ConditionalOnWebApplication
class Throughput {
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Five minutes of samples. */
    static final int MOST_SAMPLES = 150;

    /** The most ports with their own history: the first in the configuration. A port takes about 6 kB. */
    static final int MOST_PORTS = 256;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Totals NONE = new Totals(0, 0, 0);

    private final Operations operations;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Map<String, Totals> lastPorts = Map.of();
    private Totals last = NONE;
    private long lastNanos;
    private boolean begun;

    Throughput(Operations operations) {
        this.operations = operations;
    }

    /**
     * The values of counters.
     *
     * @param live open connections
     * @param bytesIn bytes from users since the start
     * @param bytesOut bytes for users since the start
     */
    record Totals(long live, long bytesIn, long bytesOut) {
        Totals plus(Totals other) {
            return new Totals(live + other.live, bytesIn + other.bytesIn, bytesOut + other.bytesOut);
        }

        /** Returns the open connections now, and the bytes per second since {@code before}. */
        private Totals perSecond(Totals before, double seconds) {
            return new Totals(
                    live,
                    Math.max(0, Math.round((bytesIn - before.bytesIn) / seconds)),
                    Math.max(0, Math.round((bytesOut - before.bytesOut) / seconds)));
        }
    }

    private record Sample(Instant at, Totals all, Map<String, Totals> ports) {}

    @Scheduled(fixedRate = 2, timeUnit = TimeUnit.SECONDS)
    void sample() {
        Map<String, Totals> ports = new LinkedHashMap<>();
        operations.ports().stream()
                .limit(MOST_PORTS)
                .forEach(port -> ports.put(port.bind(), new Totals(port.live(), port.bytesIn(), port.bytesOut())));
        add(Instant.now().truncatedTo(ChronoUnit.MILLIS), System.nanoTime(), totals(operations.remotes()), ports);
    }

    /** Sums the remotes of the first role. In a process with both roles that is the server; both together would count twice. */
    private static Totals totals(List<RemoteJson> remotes) {
        String role = remotes.isEmpty() ? "" : remotes.get(0).role();
        return remotes.stream()
                .filter(remote -> remote.role().equals(role))
                .map(RemoteJson::streams)
                .map(streams -> new Totals(streams.live(), streams.bytesIn(), streams.bytesOut()))
                .reduce(NONE, Totals::plus);
    }

    /** Adds a sample. The first one only serves as the base for the second. */
    synchronized void add(Instant at, long nanos, Totals all, Map<String, Totals> ports) {
        if (begun) {
            double seconds = Math.max(1, nanos - lastNanos) / NANOS_PER_SECOND;
            Map<String, Totals> rates = new LinkedHashMap<>();
            ports.forEach(
                    (bind, totals) -> rates.put(bind, totals.perSecond(lastPorts.getOrDefault(bind, NONE), seconds)));
            samples.addLast(new Sample(at, all.perSecond(last, seconds), rates));
            if (samples.size() > MOST_SAMPLES) {
                samples.removeFirst();
            }
        }
        begun = true;
        last = all;
        lastPorts = Map.copyOf(ports);
        lastNanos = nanos;
    }

    /** Returns the samples after that moment. */
    synchronized ThroughputJson after(Instant moment) {
        List<Sample> wanted =
                samples.stream().filter(sample -> sample.at().isAfter(moment)).toList();
        Map<String, ThroughputJson.Series> ports = new LinkedHashMap<>();
        lastPortsInOrder(wanted)
                .forEach(bind -> ports.put(
                        bind,
                        series(wanted.stream()
                                .map(sample -> sample.ports().getOrDefault(bind, NONE))
                                .toList())));
        return new ThroughputJson(
                INTERVAL.toMillis(),
                wanted.stream().map(Sample::at).toList(),
                series(wanted.stream().map(Sample::all).toList()),
                ports);
    }

    private static Iterable<String> lastPortsInOrder(List<Sample> samples) {
        return samples.isEmpty()
                ? List.of()
                : samples.get(samples.size() - 1).ports().keySet();
    }

    private static ThroughputJson.Series series(List<Totals> rates) {
        return new ThroughputJson.Series(
                numbers(rates, Totals::live), numbers(rates, Totals::bytesIn), numbers(rates, Totals::bytesOut));
    }

    private static List<Long> numbers(List<Totals> rates, ToLongFunction<Totals> field) {
        return rates.stream().mapToLong(field).boxed().toList();
    }
}
