package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The suite's main class. Exits with 1 if a measurement failed. A bad value is not a failure. */
final class Compare {
    private static final Path FOLDER = Path.of("target/bench");
    private static final double MIB = 1 << 20;

    private final Options options;
    private final Lab lab;
    private final Targets targets;
    private final Results results = new Results();
    private final Watchdog watchdog = new Watchdog(this::hangs);

    private Compare(Options options, Lab lab, Targets targets) {
        this.options = options;
        this.lab = lab;
        this.targets = targets;
    }

    /** Runs the suite, see {@link Options#USAGE}. */
    public static void main(String[] arguments) throws IOException, BenchException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments);
            options.requireKnown(scenarioNames(), contenderNames(options));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        if (options.list()) {
            list(options);
            return;
        }
        Results results;
        try (Lab lab = new Lab(FOLDER.resolve("run"))) {
            Compare compare = new Compare(options, lab, Targets.start(lab));
            compare.run();
            results = compare.results;
        }
        print(results);
        System.exit(results.failures().isEmpty() ? 0 : 1);
    }

    private static void print(Results results) throws IOException {
        System.out.println(Report.of(results));
        Path json = FOLDER.resolve("compare.json");
        Files.writeString(json, Json.of(results, Environment.describe()));
        System.out.println("All values: " + json);
    }

    private static void list(Options options) {
        System.out.println("contenders:");
        contenderNames(options).forEach(name -> System.out.println("  " + name));
        System.out.println("cases:");
        scenarioNames().forEach(name -> System.out.println("  " + name));
    }

    private static List<String> contenderNames(Options options) {
        return contenders(options).stream().map(Contender::name).toList();
    }

    private static List<String> scenarioNames() {
        List<String> names = new ArrayList<>();
        Scenarios.all().forEach(scenario -> names.add(scenario.name()));
        names.addAll(LongPath.names());
        names.add(IdleStreams.NAME);
        return names;
    }

    /** Returns all contenders. They are not started. */
    private static List<Contender> contenders(Options options) {
        List<Contender> all = new ArrayList<>(List.of(
                new Direct(),
                new HaProxyChain(),
                new NginxChain(),
                new SocatChain(),
                new BareRelayChain(),
                new SshReverse(),
                PortProxyPair.plain(),
                PortProxyPair.encrypted(),
                PortProxyPair.gateway()));
        options.baseline().ifPresent(jar -> all.addAll(PortProxyPair.baseline(jar)));
        return all;
    }

    private void run() {
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> options.wants(scenario.name(), scenario.quick()))
                .filter(this::isPossible)
                .toList();
        if (!scenarios.isEmpty()) {
            for (int start = 0; start < options.starts(); start++) {
                run(start, scenarios);
            }
        }
        new LongPath(options, lab, targets, results, watchdog).run();
        new IdleStreams(options, lab, targets, results, watchdog).run();
    }

    private void run(int start, List<Scenario> scenarios) {
        List<Contender> ready = start();
        for (int round = 0; round < options.rounds(); round++) {
            Collections.rotate(ready, round == 0 ? -start : -1); // each contender comes first in its turn
            say("start " + (start + 1) + " of " + options.starts() + ", round " + (round + 1) + " of "
                    + options.rounds());
            run(scenarios, ready);
        }
        ready.forEach(Contender::close);
    }

    private boolean isPossible(Scenario scenario) {
        Optional<String> missing = switch (scenario.needs()) {
            case IPERF3 -> Programs.missing("iperf3");
            case HTTP, HTTP_TYPE, GATEWAY -> Programs.missing("nginx", "wrk");
            case OWN, DATAGRAMS -> Optional.empty();
        };
        missing.ifPresent(reason -> results.skip(scenario.name(), reason));
        return missing.isEmpty();
    }

    /** Starts, checks and warms up the contenders that take part. */
    private List<Contender> start() {
        List<Contender> ready = new ArrayList<>();
        for (Contender contender : contenders(options)) {
            if (!options.wants(contender)) {
                continue;
            }
            Optional<String> missing = contender.missing();
            if (missing.isPresent()) {
                results.skip(contender.name(), missing.get());
                continue;
            }
            try {
                contender.start(lab, targets);
                watchdog.expect("start of " + contender.name(), options.warmUpSeconds() * 3);
                if (contender.offers(Service.OWN)) {
                    OwnClient.awaitEcho(contender.port(Service.OWN));
                    Verification.run(contender.port(Service.OWN));
                    say("warming up " + contender.name());
                    double seconds = options.warmUpSeconds();
                    WarmUp.run(lab, contender, contender.needsLongWarmUp() ? seconds : seconds / 10);
                }
                contender.requireHealthy();
                ready.add(contender);
            } catch (IOException | BenchException e) {
                fail("start", contender, e);
                contender.close();
            }
        }
        return ready;
    }

    private void run(List<Scenario> scenarios, List<Contender> ready) {
        for (Scenario scenario : scenarios) {
            say(scenario.name());
            for (Contender contender : ready) {
                if (contender.offers(scenario.needs())) {
                    measure(scenario, contender);
                }
            }
        }
        for (Contender contender : ready) {
            try {
                if (contender.offers(Service.OWN)) {
                    Verification.run(contender.port(Service.OWN));
                }
            } catch (BenchException e) {
                fail("verification", contender, e);
            }
            double resident = contender.usage().residentBytes() / MIB;
            if (resident > 0) {
                results.add("memory", "after a round", contender.name(), Map.of(Metric.RESIDENT, resident));
            }
        }
    }

    private void measure(Scenario scenario, Contender contender) {
        watchdog.expect(scenario.name() + ", " + contender.name(), options.seconds() * 10);
        try {
            Usage before = contender.usage();
            Outcome outcome = scenario.measurement().measure(lab, contender, options.seconds());
            double cpu = contender.usage().cpuSeconds() - before.cpuSeconds();
            if (cpu > 0) {
                outcome.used(cpu);
            }
            contender.requireHealthy();
            results.add(scenario.group(), scenario.name(), contender.name(), outcome.values());
            if (!contender.settle()) {
                say(contender.name() + " does not come to rest; what is measured next suffers from it");
            }
        } catch (IOException | BenchException e) {
            fail(scenario.name(), contender, e);
        }
    }

    /** Reports a step that hangs. Is called on the watchdog's thread. */
    private void hangs(String step) {
        results.fail(step, "it", new BenchException("does not come to an end"));
        try {
            print(results);
        } catch (IOException e) {
            say("cannot write the results: " + e);
        }
        lab.close();
    }

    private void fail(String scenario, Contender contender, Exception cause) {
        results.fail(scenario, contender.name(), cause);
        say("FAILED: " + scenario + ", " + contender.name() + ": " + cause);
    }

    /** Prints the progress of the run. */
    static void say(String line) {
        System.err.println(line);
    }
}
