package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The cases with a long path between the tunnel's two ends. They are compared with direct TCP over such a path. */
final class LongPath {
    static final int[] ROUND_TRIPS = {0, 50, 200};
    static final int[] MEGABITS = {100, 1000};
    static final int[] STREAMS = {1, 8};

    /** The 99th percentile of a ping beside a bulk stream, divided by the round trip time of the path. */
    static final String ROUND_TRIPS_P99 = "p99 in round trips";

    private static final String GROUP = "long path";
    private static final PathProfile QUICK = new PathProfile(50, 100);
    private static final int PINGERS = 4;
    private static final int MIN_PINGS = 40;

    /** A contender and its path. */
    private record Route(Contender contender, DelayRelay relay) {}

    private final Options options;
    private final Lab lab;
    private final Targets targets;
    private final Results results;
    private final Watchdog watchdog;
    private final List<Route> routes = new ArrayList<>();

    LongPath(Options options, Lab lab, Targets targets, Results results, Watchdog watchdog) {
        this.options = options;
        this.lab = lab;
        this.targets = targets;
        this.results = results;
        this.watchdog = watchdog;
    }

    /** Returns the name of the case with that number of bulk streams. */
    static String name(PathProfile profile, int streams) {
        return "long-" + profile.label() + "-" + streams;
    }

    /** Returns the name of the case with a ping beside a bulk stream. */
    static String pingName(PathProfile profile) {
        return "long-" + profile.label() + "-ping";
    }

    /** Returns all paths. */
    static List<PathProfile> profiles() {
        List<PathProfile> profiles = new ArrayList<>();
        for (int megabits : MEGABITS) {
            for (int roundTrip : ROUND_TRIPS) {
                profiles.add(new PathProfile(roundTrip, megabits));
            }
        }
        return profiles;
    }

    /** Returns the names of all cases. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (PathProfile profile : profiles()) {
            for (int streams : STREAMS) {
                names.add(name(profile, streams));
            }
            if (profile.roundTripMillis() > 0) {
                names.add(pingName(profile));
            }
        }
        return names;
    }

    /** Runs the cases that the command line selects. */
    void run() {
        if (profiles().stream().noneMatch(this::isWanted)) {
            return;
        }
        start();
        for (int round = 0; round < options.longRounds(); round++) {
            for (PathProfile profile : profiles()) {
                if (isWanted(profile)) {
                    Compare.say("long path, round " + (round + 1) + ": " + profile.label());
                    routes.forEach(route -> measure(route, profile));
                }
            }
        }
        for (Route route : routes) {
            route.contender().close();
            route.relay().close();
        }
    }

    private boolean isWanted(PathProfile profile) {
        return isWanted(name(profile, 1), profile)
                || isWanted(name(profile, 8), profile)
                || isWanted(pingName(profile), profile);
    }

    private boolean isWanted(String name, PathProfile profile) {
        return options.wants(name, profile.equals(QUICK) && !name.endsWith("-8"));
    }

    private void start() {
        List<Contender> contenders = List.of(new Direct(), PortProxyPair.longPath(false), PortProxyPair.longPath(true));
        for (Contender contender : contenders) {
            if (!options.wants(contender) || contender.missing().isPresent()) {
                continue;
            }
            watchdog.expect("long path, start of " + contender.name(), options.warmUpSeconds());
            try {
                DelayRelay relay = contender instanceof PortProxyPair pair ? start(pair) : start((Direct) contender);
                routes.add(new Route(contender, relay));
                if (contender.needsLongWarmUp()) {
                    OwnClient.awaitEcho(contender.port(Service.OWN));
                    WarmUp.run(lab, contender, options.warmUpSeconds() / 4);
                }
            } catch (IOException | BenchException e) {
                results.fail("long path", contender.name(), e);
            }
        }
    }

    private DelayRelay start(Direct direct) throws IOException, BenchException {
        int port = lab.freePort();
        DelayRelay relay = new DelayRelay(port, targets.port(Service.OWN));
        direct.offer(Service.OWN, port);
        return relay;
    }

    private DelayRelay start(PortProxyPair pair) throws IOException, BenchException {
        List<DelayRelay> relays = new ArrayList<>();
        pair.start(lab, targets, tunnelPort -> {
            int port = lab.freePort();
            relays.add(new DelayRelay(port, tunnelPort));
            return port;
        });
        return relays.get(0);
    }

    private void measure(Route route, PathProfile profile) {
        String contender = route.contender().name();
        int port = route.contender().port(Service.OWN);
        double settle = 1 + profile.roundTripMillis() / 50.0; // 20 round trips, in which windows have grown
        watchdog.expect("long path " + profile.label() + ", " + contender, options.seconds() * 10);
        try {
            route.relay().become(profile);
            OwnClient.awaitEcho(port);
            for (int streams : STREAMS) {
                if (isWanted(name(profile, streams), profile)) {
                    try (BulkLoad bulk = BulkLoad.down(port, streams)) {
                        double gigabits = bulk.gigabits(settle, options.seconds());
                        Outcome outcome = new Outcome().with("Mbit/s", gigabits * 1000);
                        results.add(GROUP, name(profile, streams), contender, outcome.values());
                    }
                }
            }
            if (profile.roundTripMillis() > 0 && isWanted(pingName(profile), profile)) {
                results.add(
                        GROUP,
                        pingName(profile),
                        contender,
                        pings(port, profile, settle).values());
            }
            route.contender().requireHealthy();
        } catch (IOException | BenchException e) {
            results.fail("long path " + profile.label(), contender, e);
        }
    }

    private Outcome pings(int port, PathProfile profile, double settle) throws IOException, BenchException {
        double roundTrip = profile.roundTripMillis() / 1000.0;
        try (BulkLoad bulk = BulkLoad.down(port, 1)) {
            bulk.gigabits(settle, 0.1);
            double seconds = Math.max(options.seconds(), MIN_PINGS * roundTrip);
            Latencies latencies = Users.run(PINGERS, () -> PingPong.pings(port, seconds));
            double micros = roundTrip * 1e6;
            return new Outcome()
                    .with("p50 in round trips", latencies.micros(50) / micros)
                    .with(ROUND_TRIPS_P99, latencies.micros(99) / micros);
        }
    }
}
