package io.portproxy.bench;

import java.io.IOException;

/** Runs every kind of load in turn, until the JIT compiler has compiled the code for all of them. */
final class WarmUp {
    private static final int TURNS = 2;
    private static final int KINDS = 10;
    private static final int DATAGRAM = 1400;
    private static final int CONNECTIONS = 50;
    private static final int DOWNLOADS = 4;
    private static final double COLD_HANDSHAKES = 6; // seconds in which a cold JVM completes some handshakes

    private WarmUp() {}

    /**
     * Runs for about that many seconds. Each of the six kinds of HTTP load takes at least 1 second. Datagrams take as long as another kind.
     */
    static void run(Lab lab, Contender contender, double seconds) throws IOException, BenchException {
        int port = contender.port(Service.OWN);
        int turns = seconds >= TURNS * KINDS ? TURNS : 1;
        double slice = seconds / turns / KINDS;
        for (int turn = 0; turn < turns; turn++) {
            try (BulkLoad bulk = BulkLoad.down(port, 8)) {
                bulk.gigabits(0, slice);
            }
            try (BulkLoad bulk = BulkLoad.up(port, 8)) {
                bulk.gigabits(0, slice);
            }
            PingPong.pings(port, slice);
            for (Service service : new Service[] {Service.HTTP, Service.HTTP_TYPE}) {
                if (contender.offers(service) && Programs.find("wrk").isPresent()) {
                    Wrk.run(lab, contender.port(service), CONNECTIONS, true, slice);
                    Wrk.run(lab, contender.port(service), CONNECTIONS, false, slice);
                }
            }
            if (contender.offers(Service.DATAGRAMS)) {
                DatagramRate.run(contender.port(Service.DATAGRAMS), DATAGRAM, slice);
            }
            if (contender.offers(Service.GATEWAY) && Programs.find("wrk").isPresent()) {
                String address = "https://127.0.0.1:" + contender.port(Service.GATEWAY) + "/";
                Wrk.run(lab, address, CONNECTIONS, true, Math.max(COLD_HANDSHAKES, slice));
                Wrk.run(lab, address + Targets.LARGE, DOWNLOADS, true, Math.max(COLD_HANDSHAKES, slice));
            }
        }
    }
}
