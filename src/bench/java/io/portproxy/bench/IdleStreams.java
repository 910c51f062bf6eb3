package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures the cost of idle streams: their memory on both sides, and their effect on active streams. */
final class IdleStreams {
    static final String NAME = "idle";
    static final String SERVER_BYTES = "server heap+direct B/stream";
    static final String CLIENT_BYTES = "client heap+direct B/stream";

    private static final int STREAMS = 10_000;
    private static final int OTHER_DESCRIPTORS = 500;

    private final Options options;
    private final Lab lab;
    private final Targets targets;
    private final Results results;
    private final Watchdog watchdog;

    IdleStreams(Options options, Lab lab, Targets targets, Results results, Watchdog watchdog) {
        this.options = options;
        this.lab = lab;
        this.targets = targets;
        this.results = results;
        this.watchdog = watchdog;
    }

    /** Runs on PortProxy without and with TLS. Starts new processes for each. */
    void run() {
        if (!options.wants(NAME, false)) {
            return;
        }
        int streams = Math.min(STREAMS, descriptors() - OTHER_DESCRIPTORS);
        if (streams < STREAMS) {
            results.skip(NAME, "a process may have only " + descriptors() + " descriptors: " + streams + " streams");
        }
        for (PortProxyPair pair : List.of(PortProxyPair.plain(), PortProxyPair.encrypted())) {
            if (options.wants(pair) && pair.missing().isEmpty()) {
                watchdog.expect(NAME + ", " + pair.name(), (options.warmUpSeconds() + options.seconds()) * 10);
                Compare.say(streams + " idle streams, " + pair.name());
                try (pair) {
                    pair.start(lab, targets);
                    OwnClient.awaitEcho(pair.port(Service.OWN));
                    WarmUp.run(lab, pair, options.warmUpSeconds() / 4);
                    results.add(
                            "idle streams",
                            NAME,
                            pair.name(),
                            measure(pair, streams).values());
                    pair.requireHealthy();
                } catch (IOException | BenchException e) {
                    results.fail(NAME, pair.name(), e);
                }
            }
        }
    }

    private Outcome measure(PortProxyPair pair, int count) throws IOException, BenchException {
        int port = pair.port(Service.OWN);
        List<SocketChannel> streams = new ArrayList<>();
        try (JvmMemory server = JvmMemory.of(pair.children().get(0));
                JvmMemory client = JvmMemory.of(pair.children().get(1))) {
            Latencies before = PingPong.pings(port, options.seconds());
            server.heapAndDirectBytes(); // the first collection also frees what the connection itself needed
            client.heapAndDirectBytes();
            long serverBase = server.heapAndDirectBytes();
            long clientBase = client.heapAndDirectBytes();
            long residentBase = pair.usage().residentBytes();

            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                streams.add(open(port));
            }
            double opening = Clock.secondsSince(start);
            Latencies beside = PingPong.pings(port, options.seconds());

            return new Outcome()
                    .with("streams", count)
                    .with(SERVER_BYTES, (double) (server.heapAndDirectBytes() - serverBase) / count)
                    .with(CLIENT_BYTES, (double) (client.heapAndDirectBytes() - clientBase) / count)
                    .with("RSS B/stream, both", (double) (pair.usage().residentBytes() - residentBase) / count)
                    .with("s to open all, one by one", opening)
                    .with("ping p50 µs before", before.micros(50))
                    .with("ping p50 µs beside", beside.micros(50))
                    .with("ping p99 µs before", before.micros(99))
                    .with("ping p99 µs beside", beside.micros(99));
        } finally {
            streams.forEach(DelayRelay::closeQuietly);
        }
    }

    private static SocketChannel open(int port) throws IOException {
        SocketChannel channel = OwnClient.connect(port, TargetServer.ECHO);
        try {
            ByteBuffer octet = ByteBuffer.allocate(1);
            channel.write(octet);
            OwnClient.readFully(channel, octet.clear());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns how many descriptors a process may have. */
    private static int descriptors() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split(" {2,}")[1])
                    .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
