package io.portproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs iperf3 and reads its JSON output. */
final class Iperf3 {
    /** The name of the process of iperf3's server. */
    static final String SERVER = "target-iperf3";

    /**
     * The result of one run.
     *
     * @param gigabits the rate at which the receiver got bytes, in Gbit/s
     * @param bytes the number of bytes that the receiver got
     */
    record Result(double gigabits, double bytes) {}

    private static final Pattern RECEIVED = Pattern.compile(
            "\"sum_received\":\\s*\\{[^}]*?\"bytes\":\\s*([0-9]+)[^}]*?\"bits_per_second\":\\s*([0-9.eE+]+)");
    private static final Pattern ERROR = Pattern.compile("\"error\":\\s*\"([^\"]*)\"");
    private static final int ATTEMPTS = 500;
    private static final int RETRY_MILLIS = 10;

    private Iperf3() {}

    /**
     * Runs a measurement.
     *
     * @param down whether the target sends
     * @param seconds at least 1; fractions of a second are dropped
     */
    static Result run(Lab lab, int port, int streams, boolean down, double seconds) throws BenchException {
        List<String> command = new ArrayList<>(List.of(
                Programs.require("iperf3"),
                "-c",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-P",
                Integer.toString(streams),
                "-t",
                Integer.toString(Math.max(1, (int) seconds)),
                "-J"));
        if (down) {
            command.add("-R");
        }
        int before = timesListening(lab);
        try {
            String output = lab.run(command);
            Matcher matcher = RECEIVED.matcher(output);
            if (!matcher.find()) {
                throw new BenchException("iperf3 says nothing of what was received: " + output);
            }
            return new Result(Double.parseDouble(matcher.group(2)) / 1e9, Double.parseDouble(matcher.group(1)));
        } catch (BenchException e) {
            Matcher matcher = ERROR.matcher(e.getMessage());
            throw matcher.find() ? new BenchException("iperf3: " + matcher.group(1)) : e;
        } finally {
            awaitListeningAgain(lab, before);
        }
    }

    /**
     * Waits until iperf3's server listens again. The server closes its listener for a moment after each test, and then prints that it
     * listens.
     */
    private static void awaitListeningAgain(Lab lab, int before) {
        for (int i = 0; i < ATTEMPTS && timesListening(lab) == before; i++) {
            Clock.sleepMillis(RETRY_MILLIS);
        }
    }

    private static int timesListening(Lab lab) {
        try {
            return Files.readString(lab.file(SERVER + ".log")).split("Server listening", -1).length;
        } catch (IOException e) {
            return 0;
        }
    }
}
