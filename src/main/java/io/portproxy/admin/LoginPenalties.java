package io.portproxy.admin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing down: behind the first few wrong passwords from an address, each next one has it wait before it is heard
 * again, twice as long each time, up to a maximum. Addresses are IPv4 addresses and IPv6 networks of 64 bits, whose holder
 * has them all. Those that failed last are remembered, a bounded number of them.
 *
 * <p>Whoever repeats the same wrong password, such as a program that was not told of a new one, guesses nothing: that waits
 * for the first delay alone, so that it does not lock out the others at its address. Thread-safe.
 */
final class LoginPenalties {
    static final int MAX_ADDRESSES = 4096;

    /** People mistype. */
    static final int FREE = 3;

    static final int MAX_DOUBLINGS = 6;
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();

    private record Failures(int count, String name, String fingerprint, long lastNanos, long waitNanos) {}

    private final long firstNanos;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** @param first the first delay; zero for none at all */
    LoginPenalties(Duration first) {
        this.firstNanos = first.toNanos();
    }

    /** For how many nanoseconds an address is not heard; zero if it is. */
    synchronized long waitNanos(String address, long nowNanos) {
        Failures before = failures.get(network(address));
        return before == null ? 0 : Math.max(0, before.waitNanos - (nowNanos - before.lastNanos));
    }

    /**
     * Counts a failure.
     *
     * @param name for whom it was tried
     * @param fingerprint what was tried, in other words
     * @return for how many nanoseconds the address is not heard now
     */
    synchronized long failed(String address, String name, String fingerprint, long nowNanos) {
        String network = network(address);
        Failures before = failures.get(network);
        int count = 1;
        boolean repeated = false;
        if (before != null && nowNanos - before.lastNanos <= FORGOTTEN_NANOS) {
            repeated = before.fingerprint.equals(fingerprint);
            count = repeated ? before.count : before.count + 1;
        }
        long wait = count <= FREE && !repeated
                ? 0
                : firstNanos << (repeated ? 0 : Math.min(count - FREE - 1, MAX_DOUBLINGS));
        failures.put(network, new Failures(count, name, fingerprint, nowNanos, wait));
        return wait;
    }

    /**
     * Forgets an address that gave the right password. Only where the last wrong one was for the same name: with a password
     * of one's own, another's must not become cheap to guess.
     */
    synchronized void succeeded(String address, String name) {
        failures.computeIfPresent(network(address), (network, before) -> before.name.equals(name) ? null : before);
    }

    synchronized int size() {
        return failures.size();
    }

    private static String network(String address) {
        if (!address.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) { // anything else would be looked up
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, 8)));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
