package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two {@link BareRelay} processes. They show what is possible in Java if each hop copies bytes into the process and out of it. */
final class BareRelayChain extends ProxyChain {
    static final String NAME = "bare";

    /** The number of bytes that PortProxy moves at once. The system property allows tests with other sizes. */
    private static final String BUFFER_BYTES = System.getProperty("bare.buffer", Integer.toString(256 * 1024));

    BareRelayChain() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    boolean needsLongWarmUp() {
        return true;
    }

    @Override
    Child startHop(Lab lab, String hop, List<Route> routes, Optional<Route> front) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java(),
                "-cp",
                System.getProperty("java.class.path"),
                BareRelay.class.getName(),
                BUFFER_BYTES));
        for (Route route : routes) {
            command.add(Integer.toString(route.from()));
            command.add(Integer.toString(route.to()));
        }
        return lab.start(hop, command);
    }
}
