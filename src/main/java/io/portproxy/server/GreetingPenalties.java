package io.portproxy.server;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing down: each failed greeting from an address makes the answer to its next one later, twice as late each
 * time, up to a maximum. Addresses are IPv4 addresses and IPv6 networks of 64 bits, whose holder has them all. Those that
 * failed last are remembered, a bounded number of them. On one loop.
 */
final class GreetingPenalties {
    private static final int MAX_ADDRESSES = 4096;
    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final int MAX_DOUBLINGS = 6; // 6.4 s
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();

    private record Failures(int count, long lastNanos) {}

    private final Map<ByteBuffer, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /**
     * Counts a failure.
     *
     * @return how long to wait with the answer, in nanoseconds
     */
    long failed(InetAddress address, long nowNanos) {
        Failures before = failures.get(Greetings.network(address));
        int count = before != null && nowNanos - before.lastNanos() <= FORGOTTEN_NANOS ? before.count() + 1 : 1;
        failures.put(Greetings.network(address), new Failures(count, nowNanos));
        return FIRST_NANOS << Math.min(count - 1, MAX_DOUBLINGS);
    }

    /**
     * An address has given a good proof: half of its failures are forgotten. Not all, as one remote's token must not make
     * another's cheap to guess.
     */
    void succeeded(InetAddress address) {
        failures.computeIfPresent(
                Greetings.network(address),
                (key, before) -> before.count() == 1 ? null : new Failures(before.count() / 2, before.lastNanos()));
    }

    int size() {
        return failures.size();
    }
}
