package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The options of the command line.
 *
 * @param quick whether to run fewer cases
 * @param starts how often the contenders are started anew; each time, all rounds run
 * @param rounds how often each case is measured on each contender after a start
 * @param seconds the time of one measurement; wrk and iperf3 use whole seconds
 * @param warmUpSeconds the warm-up time of a contender on the JVM; others get a tenth of it
 * @param only the cases to run; empty for all
 * @param contenders the contenders to run; empty for all
 * @param baseline another jar of PortProxy, with which the built one is compared
 * @param list whether to only print the names of cases and contenders
 */
record Options(
        boolean quick,
        int starts,
        int rounds,
        double seconds,
        double warmUpSeconds,
        List<String> only,
        List<String> contenders,
        Optional<Path> baseline,
        boolean list) {
    static final String USAGE = """
            usage: src/bench/compare [switches]
              --quick              about two minutes: fewer cases, one short round
              --starts N           starts of all contenders (1); the compiler of a JVM decides
                                   anew at each start, so that more starts give a steadier median
              --rounds N           rounds after each start (5; quick: 1)
              --seconds S          a measurement's time (5; quick: 1)
              --warmup S           warm-up of what runs on the JVM (40; quick: 8)
              --only CASE,…        these cases; a name that ends in * is a prefix
              --contenders NAME,…  these contenders
              --baseline JAR       another jar of PortProxy, as the contenders baseline and
                                   baseline-tls: each runs where portproxy or portproxy-tls does
              --list               prints the names of cases and contenders
              --help               prints this
            """;

    /**
     * Parses the command line.
     *
     * @throws IllegalArgumentException a switch is unknown, or a value is wrong
     */
    static Options parse(String[] arguments) {
        boolean quick = Arrays.asList(arguments).contains("--quick");
        int starts = 1;
        int rounds = quick ? 1 : 5;
        double seconds = quick ? 1 : 5;
        double warmUp = quick ? 8 : 40;
        List<String> only = List.of();
        List<String> contenders = List.of();
        Optional<Path> baseline = Optional.empty();
        boolean list = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> {} // handled above, so that later switches can change its values
                case "--list" -> list = true;
                case "--starts" -> starts = (int) positive(arguments, ++i);
                case "--rounds" -> rounds = (int) positive(arguments, ++i);
                case "--seconds" -> seconds = positive(arguments, ++i);
                case "--warmup" -> warmUp = positive(arguments, ++i);
                case "--only" -> only = names(arguments, ++i);
                case "--contenders" -> contenders = names(arguments, ++i);
                case "--baseline" -> baseline = Optional.of(jar(arguments, ++i));
                default -> throw new IllegalArgumentException("unknown switch " + arguments[i]);
            }
        }
        return new Options(quick, starts, rounds, seconds, warmUp, only, contenders, baseline, list);
    }

    /**
     * Checks the names that were given.
     *
     * @throws IllegalArgumentException a name is unknown
     */
    void requireKnown(List<String> scenarioNames, List<String> contenderNames) {
        for (String wanted : only) {
            if (scenarioNames.stream().noneMatch(name -> matches(wanted, name))) {
                throw new IllegalArgumentException("no case is called " + wanted);
            }
        }
        for (String wanted : contenders) {
            if (!contenderNames.contains(wanted)) {
                throw new IllegalArgumentException("no contender is called " + wanted);
            }
        }
    }

    /** Returns the number of rounds for long paths. They need fewer rounds, because results that a rate limits vary little. */
    int longRounds() {
        return Math.min(rounds, 3);
    }

    /** Returns whether a case runs. A quick run leaves some cases out, but not those that are named. */
    boolean wants(String scenario, boolean isQuick) {
        return only.isEmpty() ? isQuick || !quick : only.stream().anyMatch(name -> matches(name, scenario));
    }

    /**
     * Returns whether a contender runs. A quick run leaves out those that no ratio needs. A baseline runs if the contender with which it is
     * compared is named.
     */
    boolean wants(Contender contender) {
        return contenders.isEmpty()
                ? !(quick
                        && List.of(NginxChain.NAME, SocatChain.NAME, BareRelayChain.NAME)
                                .contains(contender.name()))
                : contenders.contains(contender.name())
                        || contender instanceof PortProxyPair pair && contenders.contains(pair.counterpart());
    }

    private static boolean matches(String wanted, String name) {
        return wanted.endsWith("*") ? name.startsWith(wanted.substring(0, wanted.length() - 1)) : name.equals(wanted);
    }

    private static double positive(String[] arguments, int index) {
        double value = Double.parseDouble(value(arguments, index));
        if (!(value > 0)) {
            throw new IllegalArgumentException(arguments[index - 1] + " wants a number above 0");
        }
        return value;
    }

    private static List<String> names(String[] arguments, int index) {
        return List.of(value(arguments, index).split(","));
    }

    private static Path jar(String[] arguments, int index) {
        Path jar = Path.of(value(arguments, index));
        String name = arguments[index - 1] + " " + jar;
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException(name + ": is not a file");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null || !manifest.getMainAttributes().containsKey(Attributes.Name.MAIN_CLASS)) {
                throw new IllegalArgumentException(name + ": is a jar that java -jar cannot start");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": is not a jar: " + e.getMessage(), e);
        }
        return jar;
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " wants a value");
        }
        return arguments[index];
    }
}
