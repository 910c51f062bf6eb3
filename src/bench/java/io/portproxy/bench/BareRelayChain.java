package io.portproxy.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two of {@link BareRelay}: what is possible in Java with a copy into the process and one out of it at each hop. */
final class BareRelayChain extends ProxyChain {
    static final String NAME = "bare";

    /** As much as PortProxy moves at once; the system property is for trying others. */
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
