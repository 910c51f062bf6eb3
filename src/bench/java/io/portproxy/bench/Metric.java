package io.portproxy.bench;

/** The names of measured values with their units, as results show them. */
final class Metric {
    static final String GIGABITS = "Gbit/s";
    static final String RATE = "req/s";
    static final String DATAGRAMS = "datagrams/s";
    static final String LOST = "lost %";
    static final String P50 = "p50 µs";
    static final String P99 = "p99 µs";
    static final String P999 = "p99.9 µs";
    static final String CPU_PER_GIB = "CPU s/GiB";
    static final String CPU_PER_REQUEST = "CPU µs/req";
    static final String RESIDENT = "RSS MiB";
    /** The two parts of a measurement in two halves, and the second divided by the first. */
    static final String ALONE = "alone Gbit/s";

    static final String BESIDE = "beside stalled Gbit/s";
    static final String TCP = "type tcp req/s";
    static final String HTTP = "type http req/s";
    static final String SECOND_TO_FIRST = "ratio";

    private Metric() {}
}
