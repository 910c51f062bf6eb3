package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A way from a user to the targets: nothing, or two hops over loopback. */
abstract class Contender implements AutoCloseable {
    private static final double AT_REST = 0.1; // of a processor
    private static final double REST_SECONDS = 0.2;
    private static final double SETTLE_SECONDS = 60;

    private final String name;
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);
    private final List<Child> children = new ArrayList<>();

    Contender(String name) {
        this.name = name;
    }

    /** How the command line and the results call it. */
    String name() {
        return name;
    }

    /** Why it cannot be measured on this machine, or nothing. */
    abstract Optional<String> missing();

    /** Starts its processes. It need not be ready when this returns. */
    abstract void start(Lab lab, Targets targets) throws IOException, BenchException;

    /** Whether it is written in a language whose code gets faster while it runs. */
    boolean needsLongWarmUp() {
        return false;
    }

    /** Says where a service is reached. */
    void offer(Service service, int port) {
        ports.put(service, port);
    }

    /** Ends with the contender and counts for its CPU time and memory. */
    void add(Child child) {
        children.add(child);
    }

    boolean offers(Service service) {
        return ports.containsKey(service);
    }

    /** Where the user reaches a service, on 127.0.0.1. */
    int port(Service service) {
        return ports.get(service);
    }

    /** What its processes have used. */
    Usage usage() {
        return Usage.of(
                children.stream().flatMap(child -> child.pids().stream()).toList());
    }

    /**
     * Fails when one of its processes has ended or tells of an error.
     *
     * @throws BenchException with its last line
     */
    void requireHealthy() throws BenchException {
        for (Child child : children) {
            child.requireAlive();
        }
    }

    /**
     * Waits until its processes rest: what they still do for users who have left would count against who is measured next.
     *
     * @return false when they did not within a minute
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

    /** Its processes, in the order of their start. */
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
