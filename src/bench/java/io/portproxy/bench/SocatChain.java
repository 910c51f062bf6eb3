package io.portproxy.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Two socat processes, which start a process for each user. Only for datagrams. */
final class SocatChain extends Contender {
    static final String NAME = "socat";

    SocatChain() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        return Programs.missing("socat");
    }

    @Override
    void start(Lab lab, Targets targets) throws IOException, BenchException {
        int second = lab.freePort();
        int first = lab.freePort();
        add(hop(lab, "socat-inner", second, targets.port(Service.DATAGRAMS)));
        add(hop(lab, "socat-outer", first, second));
        offer(Service.DATAGRAMS, first);
    }

    private static Child hop(Lab lab, String name, int from, int to) throws IOException, BenchException {
        return lab.start(
                name,
                List.of(
                        Programs.require("socat"),
                        "-b65536",
                        "UDP4-LISTEN:" + from + ",bind=127.0.0.1,fork,reuseaddr",
                        "UDP4:127.0.0.1:" + to));
    }
}
