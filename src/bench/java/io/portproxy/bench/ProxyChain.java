package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two processes of the same proxy, the first in front of the second. */
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

    /** Whether the first hop can also be a reverse proxy of HTTP that ends TLS. */
    boolean endsTls() {
        return false;
    }

    /** Whether it also carries datagrams. */
    boolean carriesDatagrams() {
        return false;
    }

    /**
     * Starts one of the two.
     *
     * @param front where it also ends TLS and passes requests on, with {@link TestCertificate}
     */
    abstract Child startHop(Lab lab, String hop, List<Route> routes, Optional<Route> front)
            throws IOException, BenchException;
}
