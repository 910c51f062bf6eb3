package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way from a user to the targets: a direct connection, or two hops over loopback. */
abstract class Contender implements AutoCloseable {
    private static final double AT_REST = 0.1; // CPU time as a part of one processor
    private static final double REST_SECONDS = 0.2;
    private static final double SETTLE_SECONDS = 60;

    private final String name;
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);
    private final List<Child> children = new ArrayList<>();

    Contender(String name) {
        this.name = name;
    }

    /** Returns the name on the command line and in the results. */
    String name() {
        return name;
    }

    /** Returns why it cannot be measured on this machine; empty if it can. */
    abstract Optional<String> missing();

    /** Starts its processes. They do not have to be ready when this method returns. */
    abstract void start(Lab lab, Targets targets) throws IOException, BenchException;

    /** Returns whether its code gets faster while it runs, as on the JVM. */
    boolean needsLongWarmUp() {
        return false;
    }

    /** Sets the port of a service. */
    void offer(Service service, int port) {
        ports.put(service, port);
    }

    /** Adds a process. It ends with the contender, and its CPU time and memory count as those of the contender. */
    void add(Child child) {
        children.add(child);
    }

    boolean offers(Service service) {
        return ports.containsKey(service);
    }

    /** Returns the port on 127.0.0.1 where the user reaches a service. */
    int port(Service service) {
        return ports.get(service);
    }

    /** Returns the CPU time and memory that its processes have used. */
    Usage usage() {
        return Usage.of(
                children.stream().flatMap(child -> child.pids().stream()).toList());
    }

    /**
     * Checks that its processes run and report no error.
     *
     * @throws BenchException a process has ended, or reported an error; the message contains the line
     */
    void requireHealthy() throws BenchException {
        for (Child child : children) {
            child.requireAlive();
        }
    }

    /**
     * Waits until its processes are idle. Otherwise, work for users who have left would affect the next measurement.
     *
     * @return false if they were not idle within a minute
     */
    boolean settle() {
        long start = System.nanoTime();
        while (Clock.secondsSince(start) < SETTLE_SECONDS) {
            double before = usage().cpuSeconds();
            Clock.sleepSeconds(REST_SECONDS);
            if (usage().cpuSeconds() - before <= AT_REST * REST_SECONDS) {
                return true;
            }
        }
        return false;
    }

    /** Returns its processes, in the order of their start. */
    List<Child> children() {
        return children;
    }

    @Override
    public void close() {
        for (int i = children.size() - 1; i >= 0; i--) {
            children.get(i).close();
        }
    }
}
