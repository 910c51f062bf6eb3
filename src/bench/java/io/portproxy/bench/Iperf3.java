package io.portproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs iperf3 and reads its JSON. */
final class Iperf3 {
    /**
     * One run.
     *
     * @param gigabits Gbit/s that the receiver got
     * @param bytes that it got
     */
    record Result(double gigabits, double bytes) {}

    private static final Pattern RECEIVED = Pattern.compile(
            "\"sum_received\":\\s*\\{[^}]*?\"bytes\":\\s*([0-9]+)[^}]*?\"bits_per_second\":\\s*([0-9.eE+]+)");
    private static final Pattern ERROR = Pattern.compile("\"error\":\\s*\"([^\"]*)\"");
    private static final int ATTEMPTS = 20; // the server is busy for a moment after a test
    private static final int RETRY_MILLIS = 100;

    private Iperf3() {}

    /**
     * Measures.
     *
     * @param down whether the target sends
     * @param seconds at least 1; a part of one is dropped
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
        String failure = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String output;
            try {
                output = lab.run(command);
                Matcher matcher = RECEIVED.matcher(output);
                if (matcher.find()) {
                    return new Result(Double.parseDouble(matcher.group(2)) / 1e9, Double.parseDouble(matcher.group(1)));
                }
                throw new BenchException("iperf3 says nothing of what was received: " + output);
            } catch (BenchException e) {
                Matcher matcher = ERROR.matcher(String.valueOf(e.getMessage()));
                failure = matcher.find() ? matcher.group(1) : String.valueOf(e.getMessage());
                if (!failure.contains("busy")) {
                    break;
                }
                Clock.sleepMillis(RETRY_MILLIS);
            }
        }
        throw new BenchException("iperf3: " + failure);
    }
}
