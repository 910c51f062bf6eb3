package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two processes of the same proxy, the first in front of the second. */
abstract class ProxyChain extends Contender {
    /**
     * One listener of a hop.
     *
     * @param from the port that it listens on
     * @param to the port that it connects to
     */
    record Route(int from, int to) {}

    ProxyChain(String name) {
        super(name);
    }

    @Override
    final void start(Lab lab, Targets targets) throws IOException, BenchException {
        List<Route> inner = new ArrayList<>();
        List<Route> outer = new ArrayList<>();
        for (Service service : targets.services()) {
            Route second = new Route(lab.freePort(), targets.port(service));
            Route first = new Route(lab.freePort(), second.from());
            inner.add(second);
            outer.add(first);
            offer(service, first.from());
        }
        add(startHop(lab, name() + "-inner", inner));
        add(startHop(lab, name() + "-outer", outer));
    }

    /** Starts one of the two. */
    abstract Child startHop(Lab lab, String hop, List<Route> routes) throws IOException, BenchException;
}
