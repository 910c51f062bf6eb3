package io.portproxy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tests of a gateway with TLS in cases that are too long or too large for {@link Compare}. The bytes and answers must be right, and the
 * values are printed. Exits with 1 if something failed.
 */
final class WebProofs {
    private static final String USAGE = """
            usage: src/bench/web [switches] [events] [download] [slow] [hosts]     (none: all)
              --minutes M       how long events come (10)
              --gib G           size of the download (5)
              --users N         users who send half a head (5000)
              --hosts N         hosts, ten for each certificate (10000)
              --seconds S       a measurement's time for slow and hosts (10)
              --rounds N        rounds of hosts (3)
            """;
    private static final List<String> CASES = List.of("events", "download", "slow", "hosts");

    private static final double MIB = 1 << 20;
    private static final String OTHER_ADDRESS = "127.0.0.3";
    private static final int CONNECTIONS = 20;
    private static final int HANDSHAKERS = 4;

    private final Lab lab;
    private double minutes = 10;
    private double gibibytes = 5;
    private int users = 5000;
    private int hosts = 10_000;
    private double seconds = 10;
    private int rounds = 3;
    private final List<String> cases = new ArrayList<>();

    private WebProofs(Lab lab) {
        this.lab = lab;
    }

    /** Runs the tests, see the usage. */
    public static void main(String[] arguments) throws IOException, BenchException {
        try (Lab lab = new Lab(Path.of("target/bench/web"))) {
            WebProofs proofs = new WebProofs(lab);
            try {
                proofs.read(arguments);
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                System.err.println(e.getMessage() + "\n" + USAGE);
                System.exit(2);
            }
            proofs.run();
        } catch (BenchException | IOException e) {
            System.err.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--minutes" -> minutes = Double.parseDouble(arguments[++i]);
                case "--gib" -> gibibytes = Double.parseDouble(arguments[++i]);
                case "--users" -> users = Integer.parseInt(arguments[++i]);
                case "--hosts" -> hosts = Integer.parseInt(arguments[++i]);
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                default -> cases.add(arguments[i]);
            }
        }
        if (!CASES.containsAll(cases)) {
            throw new IllegalArgumentException("cases are " + CASES + ", not " + cases);
        }
        if (cases.isEmpty()) {
            cases.addAll(CASES);
        }
    }

    private void run() throws IOException, BenchException {
        try (WebTarget target = new WebTarget();
                WebPair one = new WebPair(lab, "one", 1, target.port())) {
            if (cases.contains("download")) {
                download(one, target);
            }
            if (cases.contains("slow")) {
                slow(one);
            }
            if (cases.contains("hosts")) {
                try (WebPair many = new WebPair(lab, "many", hosts, target.port())) {
                    hosts(one, many);
                }
            }
            if (cases.contains("events")) {
                events(one);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Checks that each event comes, in order. Each wait for an event has a timeout. */
    private void events(WebPair pair) throws IOException, BenchException {
        long wanted = Math.max(1, Math.round(minutes * 60));
        try (WebUser user = pair.user(0, OTHER_ADDRESS)) {
            if (user.begin(pair.host(0), "/events") != 200) {
                throw new BenchException("events: no answer");
            }
            long start = System.nanoTime();
            long last = start;
            double longest = 0;
            long next = 0;
            while (Clock.secondsSince(start) < wanted) {
                String line = user.line();
                if (!line.startsWith("data: ")) {
                    continue;
                }
                if (!line.equals("data: " + next)) {
                    throw new BenchException("events: " + line + " came in place of " + next);
                }
                next++;
                longest = Math.max(longest, Clock.secondsSince(last));
                last = System.nanoTime();
            }
            print("events: %d in %.1f min, all in order, the longest pause %.2f s", next, wanted / 60.0, longest);
        }
    }

    private void download(WebPair pair, WebTarget target) throws IOException, BenchException {
        long mebibytes = Math.round(gibibytes * 1024);
        MessageDigest digest = sha256();
        try (WebUser user = pair.user(0, OTHER_ADDRESS)) {
            int status = user.begin(pair.host(0), "/download/" + mebibytes);
            if (status != 200 || user.length() != mebibytes * WebTarget.MIB) {
                throw new BenchException("download: status " + status + ", length " + user.length());
            }
            byte[] bytes = new byte[1 << 16];
            InputStream body = user.body();
            long start = System.nanoTime();
            for (long left = user.length(); left > 0; ) {
                int n = body.read(bytes, 0, (int) Math.min(left, bytes.length));
                if (n < 0) {
                    throw new BenchException("download: cut " + left + " bytes early");
                }
                digest.update(bytes, 0, n);
                left -= n;
            }
            double took = Clock.secondsSince(start);
            if (!Arrays.equals(digest.digest(), target.digest(mebibytes, sha256()))) {
                throw new BenchException("download: other bytes than were sent");
            }
            if (user.ask(pair.host(0)) != 200) {
                throw new BenchException("download: the connection is of no use behind it");
            }
            print(
                    "download: %d bytes, SHA-256 as sent, %.0f s, %.2f Gbit/s (user and target hash, too)",
                    mebibytes * WebTarget.MIB, took, mebibytes * MIB * 8 / took / 1e9);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Keeps the wanted number of slow users connected all the time: those that are cut connect again. Meanwhile other users send requests
     * by TLS, one after the other.
     */
    private void slow(WebPair pair) throws BenchException {
        double before = pair.serverUsage().residentBytes() / MIB;
        Latencies alone = others(pair, seconds);
        SlowUsers slow = new SlowUsers(pair.plainPort(), users);
        long start = System.nanoTime();
        while (slow.most() < users && Clock.secondsSince(start) < 60) {
            Clock.sleepMillis(50);
        }
        Latencies beside = others(pair, seconds);
        double during = pair.serverUsage().residentBytes() / MIB;
        long there = slow.there();
        slow.close();
        pair.requireAlive();
        print("slow: %d users with half a head, %d came again when they were cut", there, slow.again());
        print("slow: server's RSS %.0f MiB before, %.0f MiB during", before, during);
        print(
                "slow: others' handshake and request, none of which failed: alone %s; beside %s",
                text(alone), text(beside));
    }

    private static String text(Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "%d, p50 %.1f ms, p99 %.1f ms",
                latencies.count(),
                latencies.micros(50) / 1000,
                latencies.micros(99) / 1000);
    }

    private static Latencies others(WebPair pair, double seconds) throws BenchException {
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        while (Clock.secondsSince(start) < seconds) {
            long began = System.nanoTime();
            try (WebUser user = pair.user(0, OTHER_ADDRESS)) {
                if (user.ask(pair.host(0)) != 200) {
                    throw new BenchException("slow: another user was not answered");
                }
            } catch (IOException e) {
                throw new BenchException("slow: another user was not answered: " + e, e);
            }
            latencies.add(System.nanoTime() - began);
        }
        return latencies;
    }

    /** Compares many hosts and certificates with one of each, in turns. */
    private void hosts(WebPair one, WebPair many) throws BenchException {
        List<double[]> rates = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            double[] row = new double[4];
            for (int i = 0; i < 2; i++) {
                boolean first = (i == 0) == (round % 2 == 0);
                WebPair pair = first ? one : many;
                row[first ? 0 : 1] = rate(CONNECTIONS, seconds, (thread, over, count) -> ask(pair, over, count));
                row[first ? 2 : 3] = rate(HANDSHAKERS, seconds, (thread, over, count) -> shake(pair, over, count));
            }
            if (round >= 0) { // the first round warms up
                rates.add(row);
            }
        }
        print(
                "hosts: 1 and %d hosts, 1 and %d certificates, medians of %d rounds in turns",
                many.hosts(), Math.max(1, many.hosts() / 10), rounds);
        print(
                "hosts: req/s over %d kept connections: %.0f and %.0f, ratio %.2f",
                CONNECTIONS, median(rates, 0), median(rates, 1), median(rates, 1) / median(rates, 0));
        print(
                "hosts: handshakes/s (with one request each): %.0f and %.0f, ratio %.2f",
                median(rates, 2), median(rates, 3), median(rates, 3) / median(rates, 2));
        print(
                "hosts: server's RSS %.0f and %.0f MiB",
                one.serverUsage().residentBytes() / MIB, many.serverUsage().residentBytes() / MIB);
    }

    private static double median(List<double[]> rows, int column) {
        double[] sorted = rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Repeats something until it is over. */
    private interface Work {
        void run(int thread, AtomicBoolean over, AtomicLong count) throws IOException;
    }

    private static double rate(int threadCount, double seconds, Work work) throws BenchException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong count = new AtomicLong();
        AtomicReference<IOException> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < threadCount; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    work.run(number, over, count);
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        Clock.sleepSeconds(seconds / 4); // by then all are connected
        long start = System.nanoTime();
        long before = count.get();
        Clock.sleepSeconds(seconds);
        double rate = (count.get() - before) / Clock.secondsSince(start);
        over.set(true);
        join(threads);
        if (failure.get() != null) {
            throw new BenchException("hosts: a user was not answered: " + failure.get(), failure.get());
        }
        return rate;
    }

    /** Sends requests over one connection, for one host, because another host would open another connection to the target. */
    private static void ask(WebPair pair, AtomicBoolean over, AtomicLong count) throws IOException {
        int host = ThreadLocalRandom.current().nextInt(pair.hosts());
        try (WebUser user = pair.user(host, OTHER_ADDRESS)) {
            while (!over.get()) {
                require(user.ask(pair.host(host)));
                count.incrementAndGet();
            }
        }
    }

    private static void shake(WebPair pair, AtomicBoolean over, AtomicLong count) throws IOException {
        while (!over.get()) {
            int host = ThreadLocalRandom.current().nextInt(pair.hosts());
            try (WebUser user = pair.user(host, OTHER_ADDRESS)) {
                require(user.ask(pair.host(host)));
            }
            count.incrementAndGet();
        }
    }

    private static void require(int status) throws IOException {
        if (status != 200) {
            throw new IOException("status " + status);
        }
    }

    private static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
