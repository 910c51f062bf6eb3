package io.portproxy.bench;

import java.util.Optional;

/** A direct connection between the user and the target. */
final class Direct extends Contender {
    static final String NAME = "direct";

    Direct() {
        super(NAME);
    }

    @Override
    Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    void start(Lab lab, Targets targets) {
        for (Service service : targets.services()) {
            offer(service, targets.port(service));
        }
        offer(Service.DATAGRAMS, targets.port(Service.DATAGRAMS));
    }
}
