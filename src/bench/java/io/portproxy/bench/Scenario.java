package io.portproxy.bench;

import java.io.IOException;

/**
 * One case that is measured on each contender in turn.
 *
 * @param group the table that the case belongs to
 * @param name the name on the command line and in the results
 * @param quick whether the case is part of a quick run
 * @param needs the service that a contender must offer
 * @param measurement runs the load
 */
record Scenario(String group, String name, boolean quick, Service needs, Measurement measurement) {
    /** Runs a load on a contender for a time. */
    @FunctionalInterface
    interface Measurement {
        Outcome measure(Lab lab, Contender contender, double seconds) throws IOException, BenchException;
    }
}
