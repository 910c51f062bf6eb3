package io.portproxy.bench;

import java.io.IOException;

/**
 * One case that is measured on each contender in turn.
 *
 * @param group the table that it belongs to
 * @param name how the command line and the results call it
 * @param quick whether it is part of a quick run
 * @param needs the service that a contender has to offer
 * @param measurement puts the load on
 */
record Scenario(String group, String name, boolean quick, Service needs, Measurement measurement) {
    /** Puts a load on a contender for a time. */
    @FunctionalInterface
    interface Measurement {
        Outcome measure(Lab lab, Contender contender, double seconds) throws IOException, BenchException;
    }
}
