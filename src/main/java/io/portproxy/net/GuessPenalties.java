package io.portproxy.net;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down guessing of secrets. The first few wrong secrets from a network cost nothing. Each further one costs a
 * delay, which doubles each time up to a maximum. A limited number of {@link Networks} that failed last is remembered.
 *
 * <p>If a client repeats the same wrong secret, it does not guess. An example is a program whose secret was replaced.
 * That costs only the first delay, so that it does not lock out others at its address. Any thread.
 */
public final class GuessPenalties {
    static final int MAX_NETWORKS = 4096;
    static final int MAX_DOUBLINGS = 6;
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();

    /**
     * @param name the name that all of them were for; empty if there were several names
     */
    private record Failures(
            int count, Optional<String> name, Optional<String> fingerprint, long lastNanos, long waitNanos) {}

    private final long firstNanos;
    private final int free;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_NETWORKS;
        }
    };

    /**
     * @param first the first delay; zero for no delays at all
     * @param free how many failures cost nothing, because people mistype
     */
    public GuessPenalties(Duration first, int free) {
        this.firstNanos = first.toNanos();
        this.free = free;
    }

    /** Returns how many nanoseconds of a network's last delay are left; zero or more. */
    public synchronized long waitNanos(String network, long nowNanos) {
        Failures before = failures.get(network);
        return before == null ? 0 : Math.max(0, before.waitNanos - (nowNanos - before.lastNanos));
    }

    /** Returns whether a network's last wrong secret was the same one. A repeated secret is no guess. */
    public synchronized boolean isRepeated(String network, Optional<String> fingerprint) {
        Failures last = failures.get(network);
        return last != null && fingerprint.isPresent() && fingerprint.equals(last.fingerprint);
    }

    /**
     * Counts a failure.
     *
     * @param name the name that the secret was for
     * @param fingerprint identifies the wrong secret; empty if it is not known
     * @return the delay in nanoseconds
     */
    public synchronized long failed(String network, String name, Optional<String> fingerprint, long nowNanos) {
        Failures last = failures.get(network);
        Failures before = last == null || nowNanos - last.lastNanos > FORGOTTEN_NANOS
                ? new Failures(0, Optional.of(name), Optional.empty(), nowNanos, 0)
                : last;
        boolean repeated = fingerprint.isPresent() && fingerprint.equals(before.fingerprint);
        int count = repeated ? before.count : before.count + 1;
        long wait = repeated ? firstNanos : count <= free ? 0 : firstNanos << Math.min(count - free - 1, MAX_DOUBLINGS);
        failures.put(network, new Failures(count, before.name.filter(name::equals), fingerprint, nowNanos, wait));
        return wait;
    }

    /**
     * Forgets a network that gave the right secret, if all its failures were for the same name. Otherwise somebody
     * could use their own secret to make guesses at another one cheap.
     */
    public synchronized void succeeded(String network, String name) {
        failures.computeIfPresent(
                network, (key, before) -> before.name.filter(name::equals).isPresent() ? null : before);
    }

    synchronized int size() {
        return failures.size();
    }
}
