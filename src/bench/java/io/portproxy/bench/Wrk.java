package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs wrk, and reads what its script prints at the end. */
final class Wrk {
    /**
     * The result of one run.
     *
     * @param requests the number of requests that were answered
     * @param gigabits the rate of answers with their heads, in Gbit/s
     * @param rate requests a second
     * @param p50 the median latency in microseconds
     * @param p99 the 99th percentile of the latency in microseconds
     * @param p999 the 99.9th percentile of the latency in microseconds
     */
    record Result(long requests, double gigabits, double rate, double p50, double p99, double p999) {}

    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local errors = summary.errors
              print(string.format("RESULT %d %d %d %d %d %d ERRORS %d %d %d %d %d",
                summary.requests, summary.bytes, summary.duration,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
                errors.connect, errors.read, errors.write, errors.status, errors.timeout))
            end
            """;
    private static final Pattern RESULT =
            Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) ERRORS ((?:\\d+ ?){5})");

    /**
     * The time of a second, longer measurement. Fifty TLS handshakes with a cold JVM on a slow machine can take longer than a short
     * measurement.
     */
    private static final int PATIENT_SECONDS = 20;

    private Wrk() {}

    /**
     * Runs a measurement. If no request is answered within that time, runs it once more for 20 seconds.
     *
     * @param keepAlive whether a connection carries many requests or one
     * @param seconds at least 1; fractions of a second are dropped
     * @throws BenchException a request failed; a slow request is not a failure
     */
    static Result run(Lab lab, int port, int connections, boolean keepAlive, double seconds) throws BenchException {
        return run(lab, "http://127.0.0.1:" + port + "/", connections, keepAlive, seconds);
    }

    /** Does the same as {@link #run(Lab, int, int, boolean, double)}, for any address. */
    static Result run(Lab lab, String address, int connections, boolean keepAlive, double seconds)
            throws BenchException {
        Result result = measure(lab, address, connections, keepAlive, Math.max(1, (int) seconds));
        if (result.requests() == 0) {
            result = measure(lab, address, connections, keepAlive, PATIENT_SECONDS);
        }
        if (result.requests() == 0) {
            throw new BenchException("wrk: no request was answered in " + PATIENT_SECONDS + " s");
        }
        return result;
    }

    private static Result measure(Lab lab, String address, int connections, boolean keepAlive, int seconds)
            throws BenchException {
        List<String> command = new ArrayList<>(List.of(
                Programs.require("wrk"),
                "-t",
                Integer.toString(Math.min(2, connections)),
                "-c",
                Integer.toString(connections),
                "-d",
                seconds + "s",
                "--timeout",
                "60s",
                "-s",
                script(lab)));
        if (!keepAlive) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        command.add(address);
        String output = lab.run(command);
        Matcher matcher = RESULT.matcher(output);
        if (!matcher.find()) {
            throw new BenchException("wrk printed no result: " + output);
        }
        String errors = matcher.group(7).trim();
        if (!errors.equals("0 0 0 0 0")) {
            throw new BenchException("wrk: requests failed (connect, read, write, status, timeout): " + errors);
        }
        long requests = Long.parseLong(matcher.group(1));
        double micros = Double.parseDouble(matcher.group(3));
        return new Result(
                requests,
                Long.parseLong(matcher.group(2)) * 8 / 1e3 / micros,
                requests * 1e6 / micros,
                Double.parseDouble(matcher.group(4)),
                Double.parseDouble(matcher.group(5)),
                Double.parseDouble(matcher.group(6)));
    }

    private static String script(Lab lab) throws BenchException {
        try {
            return lab.write("wrk.lua", SCRIPT).toString();
        } catch (IOException e) {
            throw new BenchException("cannot write wrk's script", e);
        }
    }
}
