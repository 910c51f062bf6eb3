package io.portproxy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** All cases that are measured in interleaved rounds. */
final class Scenarios {
    static final String PING_PONG = "pingpong";
    static final String BESIDE_BULK = "pingpong-beside-bulk";
    static final String STALLED = "stalled";
    static final String HTTP_TYPE = "http-type";

    static final String GATEWAY_KEEP_ALIVE = "gateway-keepalive-50";
    static final String GATEWAY_DOWNLOAD = "gateway-download-4";

    /** The sizes in bytes. */
    static final List<Integer> DATAGRAMS = List.of(64, 1400);

    private static final int DOWNLOADS = 4;
    private static final int HTTP_CONNECTIONS = 50;
    private static final int STALLED_BYTES = 64 << 20; // more than all buffers on the way can hold

    private Scenarios() {}

    /** Returns all cases, in the order in which they run. */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (int streams : new int[] {1, 8, 64}) {
            all.add(bulk(streams, false, streams == 1));
            all.add(bulk(streams, true, streams <= 8));
        }
        for (int connections : new int[] {1, 50, 500}) {
            all.add(http(connections, true, connections <= 50));
        }
        for (int connections : new int[] {1, 50, 500}) {
            all.add(http(connections, false, connections == 50));
        }
        all.add(new Scenario("small messages", PING_PONG, true, Service.OWN, Scenarios::pingPong));
        all.add(new Scenario("small messages", BESIDE_BULK, true, Service.OWN, Scenarios::besideBulk));
        all.add(new Scenario("small messages", "two-part", true, Service.OWN, Scenarios::twoPart));
        all.add(new Scenario("opening", "open", false, Service.OWN, Scenarios::opening));
        all.add(new Scenario("type http against type tcp", HTTP_TYPE, true, Service.HTTP_TYPE, Scenarios::httpType));
        all.add(new Scenario("HTTPS by name", GATEWAY_KEEP_ALIVE, true, Service.GATEWAY, Scenarios::gatewayRequests));
        all.add(new Scenario("HTTPS by name", GATEWAY_DOWNLOAD, true, Service.GATEWAY, Scenarios::gatewayDownload));
        for (int size : DATAGRAMS) {
            all.add(datagrams(size));
        }
        all.add(new Scenario("busy beside a stalled reader", STALLED, false, Service.OWN, Scenarios::stalled));
        for (int streams : new int[] {8, 64, 500}) {
            all.add(growth(streams));
        }
        return all;
    }

    /** Returns the name of a bulk case. */
    static String bulkName(int streams, boolean down) {
        return "bulk-" + streams + (down ? "-down" : "-up");
    }

    /** Returns the name of an HTTP case. */
    static String httpName(int connections, boolean keepAlive) {
        return (keepAlive ? "keepalive-" : "close-") + connections;
    }

    /** Returns the name of a growth case. */
    static String growthName(int streams) {
        return "growth-" + streams;
    }

    private static Scenario bulk(int streams, boolean down, boolean quick) {
        return new Scenario("bulk", bulkName(streams, down), quick, Service.IPERF3, (lab, contender, seconds) -> {
            Iperf3.Result result = Iperf3.run(lab, contender.port(Service.IPERF3), streams, down, seconds);
            return new Outcome().with(Metric.GIGABITS, result.gigabits()).carried(result.bytes());
        });
    }

    private static Scenario http(int connections, boolean keepAlive, boolean quick) {
        String group = keepAlive ? "http, keep-alive" : "http, a connection a request";
        return new Scenario(group, httpName(connections, keepAlive), quick, Service.HTTP, (lab, contender, seconds) -> {
            Wrk.Result result = Wrk.run(lab, contender.port(Service.HTTP), connections, keepAlive, seconds);
            return new Outcome()
                    .with(Metric.RATE, result.rate())
                    .with(Metric.P50, result.p50())
                    .with(Metric.P99, result.p99())
                    .with(Metric.P999, result.p999())
                    .answered(result.requests());
        });
    }

    private static Outcome pingPong(Lab lab, Contender contender, double seconds) throws IOException, BenchException {
        Latencies latencies = PingPong.pings(contender.port(Service.OWN), seconds);
        return new Outcome().with(latencies).answered(latencies.count());
    }

    private static Outcome besideBulk(Lab lab, Contender contender, double seconds) throws IOException, BenchException {
        int port = contender.port(Service.OWN);
        try (BulkLoad bulk = BulkLoad.down(port, 1)) {
            bulk.gigabits(seconds / 4); // the bulk load has filled all buffers by then
            long start = System.nanoTime();
            long before = bulk.bytes();
            Latencies latencies = PingPong.pings(port, seconds);
            double gigabits = (bulk.bytes() - before) * 8 / Clock.secondsSince(start) / 1e9;
            return new Outcome().with(latencies).with("bulk " + Metric.GIGABITS, gigabits);
        }
    }

    private static Outcome twoPart(Lab lab, Contender contender, double seconds) throws IOException {
        Latencies latencies = PingPong.twoPartRequests(contender.port(Service.OWN), seconds);
        return new Outcome().with(latencies).answered(latencies.count());
    }

    private static Outcome opening(Lab lab, Contender contender, double seconds) throws BenchException {
        Latencies latencies = OpenRate.run(contender.port(Service.OWN), seconds);
        return new Outcome()
                .with("opened/s", latencies.count() / seconds)
                .with(latencies)
                .answered(latencies.count());
    }

    private static Outcome httpType(Lab lab, Contender contender, double seconds) throws BenchException {
        double tcp = Wrk.run(lab, contender.port(Service.HTTP), HTTP_CONNECTIONS, true, seconds)
                .rate();
        double http = Wrk.run(lab, contender.port(Service.HTTP_TYPE), HTTP_CONNECTIONS, true, seconds)
                .rate();
        return new Outcome().with(Metric.TCP, tcp).with(Metric.HTTP, http).with(Metric.SECOND_TO_FIRST, http / tcp);
    }

    private static Outcome gatewayRequests(Lab lab, Contender contender, double seconds) throws BenchException {
        Wrk.Result result = Wrk.run(lab, gateway(contender, ""), HTTP_CONNECTIONS, true, seconds);
        return new Outcome()
                .with(Metric.RATE, result.rate())
                .with(Metric.P50, result.p50())
                .with(Metric.P99, result.p99())
                .answered(result.requests());
    }

    private static Outcome gatewayDownload(Lab lab, Contender contender, double seconds) throws BenchException {
        Wrk.Result result = Wrk.run(lab, gateway(contender, Targets.LARGE), DOWNLOADS, true, seconds);
        return new Outcome().with(Metric.GIGABITS, result.gigabits());
    }

    private static String gateway(Contender contender, String path) {
        return "https://127.0.0.1:" + contender.port(Service.GATEWAY) + "/" + path;
    }

    private static Outcome stalled(Lab lab, Contender contender, double seconds) throws IOException, BenchException {
        int port = contender.port(Service.OWN);
        try (BulkLoad busy = BulkLoad.down(port, 1)) {
            double alone = busy.gigabits(seconds);
            try (SocketChannel stalled = OwnClient.connect(port, TargetServer.SOURCE)) {
                double beside = busy.gigabits(1, seconds); // within the first second, all buffers become full
                requireAlive(stalled);
                return new Outcome()
                        .with(Metric.ALONE, alone)
                        .with(Metric.BESIDE, beside)
                        .with(Metric.SECOND_TO_FIRST, beside / alone);
            }
        }
    }

    /** Checks that the connection that did not read continues when it reads again. */
    private static void requireAlive(SocketChannel stalled) throws BenchException {
        ByteBuffer buffer = ByteBuffer.allocate(STALLED_BYTES);
        try {
            OwnClient.readFully(stalled, buffer);
        } catch (IOException e) {
            throw new BenchException("the stalled connection was cut: " + e.getMessage(), e);
        }
    }

    /** Returns the name of a datagram case. */
    static String datagramsName(int size) {
        return "datagrams-" + size;
    }

    private static Scenario datagrams(int size) {
        return new Scenario("datagrams", datagramsName(size), false, Service.DATAGRAMS, (lab, contender, seconds) -> {
            DatagramRate.Result result = DatagramRate.run(contender.port(Service.DATAGRAMS), size, seconds);
            return new Outcome()
                    .with(Metric.DATAGRAMS, result.answered() / seconds)
                    .with(Metric.LOST, 100 * result.lostShare())
                    .answered(result.answered());
        });
    }

    private static Scenario growth(int streams) {
        return new Scenario("growth", growthName(streams), false, Service.OWN, (lab, contender, seconds) -> {
            try (BulkLoad bulk = BulkLoad.down(contender.port(Service.OWN), streams)) {
                double gigabits = bulk.gigabits(1, seconds);
                return new Outcome().with(Metric.GIGABITS, gigabits).carried(bulk.bytes());
            }
        });
    }
}
