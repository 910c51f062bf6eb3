package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two processes of the same proxy. The first one connects to the second one. */
abstract class ProxyChain extends Contender {
    /**
     * One listener of a hop.
     *
     * @param from the port that it listens on
     * @param to the port that it connects to
     * @param datagrams whether it carries datagrams
     */
    record Route(int from, int to, boolean datagrams) {
        Route(int from, int to) {
            this(from, to, false);
        }
    }

    ProxyChain(String name) {
        super(name);
    }

    @Override
    final void start(Lab lab, Targets targets) throws IOException, BenchException {
        List<Route> inner = new ArrayList<>();
        List<Route> outer = new ArrayList<>();
        Optional<Route> front = Optional.empty();
        for (Service service : targets.services()) {
            Route second = new Route(lab.freePort(), targets.port(service));
            Route first = new Route(lab.freePort(), second.from());
            inner.add(second);
            outer.add(first);
            offer(service, first.from());
            if (service == Service.HTTP && endsTls()) {
                Route gateway = new Route(lab.freePort(), second.from());
                offer(Service.GATEWAY, gateway.from());
                front = Optional.of(gateway);
            }
        }
        if (carriesDatagrams()) {
            Route second = new Route(lab.freePort(), targets.port(Service.DATAGRAMS), true);
            Route first = new Route(lab.freePort(), second.from(), true);
            inner.add(second);
            outer.add(first);
            offer(Service.DATAGRAMS, first.from());
        }
        add(startHop(lab, name() + "-inner", inner, Optional.empty()));
        add(startHop(lab, name() + "-outer", outer, front));
    }

    /** Returns whether the first hop can also be a reverse proxy for HTTP that ends TLS. */
    boolean endsTls() {
        return false;
    }

    /** Returns whether it also carries datagrams. */
    boolean carriesDatagrams() {
        return false;
    }

    /**
     * Starts one of the two processes.
     *
     * @param front the route on which it also ends TLS and forwards requests, with {@link TestCertificate}; empty for none
     */
    abstract Child startHop(Lab lab, String hop, List<Route> routes, Optional<Route> front)
            throws IOException, BenchException;
}
