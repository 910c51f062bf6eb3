package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import io.portproxy.net.ListenException;
import io.portproxy.net.Sockets;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import io.portproxy.server.exposed.PortSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the server expose a plan. If a gateway or remote of the store has an address that cannot be listened on, it is kept back and
 * reported, and all others are exposed.
 */
final class Exposer {
    private final DefinitionCheck check;
    private final ChangeNews news;

    /** @param check describes why an address cannot be listened on */
    Exposer(DefinitionCheck check, ChangeNews news) {
        this.check = check;
        this.news = news;
    }

    /** Applies an exposure to the server. */
    @FunctionalInterface
    interface Act {
        void on(Exposure exposure) throws ListenException;
    }

    /**
     * Exposes a plan. Under the lock of changes.
     *
     * @return the plan that is exposed now
     * @throws ListenException an address of a file, or of the server itself, cannot be listened on
     */
    Plan expose(Plan wanted, Act act) throws ListenException {
        Plan next = wanted;
        Map<String, String> refused = new LinkedHashMap<>();
        try {
            while (true) { // each try keeps back one entry more
                try {
                    act.on(next.exposure());
                    return next;
                } catch (ListenException e) {
                    refused.put(Sockets.text(e.address()), String.valueOf(e.getMessage()));
                    next = keptBack(next, e);
                }
            }
        } finally {
            news.bindRefused(refused);
        }
    }

    private Plan keptBack(Plan wanted, ListenException failure) throws ListenException {
        for (PlannedGateway gateway : wanted.storedGateways().values()) {
            if (gateway.isAt(failure.address())) {
                SortedMap<String, PlannedGateway> gateways = new TreeMap<>(wanted.storedGateways());
                gateways.put(
                        gateway.name(),
                        gateway.keptBack(List.of(check.problem(failure, Pointers.ofName(gateway.name()) + "/bind"))));
                return wanted.withGateways(gateways);
            }
        }
        for (PlannedRemote remote : wanted.stored().values()) {
            List<PortSettings> ports =
                    remote.settings().map(RemoteSettings::ports).orElse(List.of());
            for (int i = 0; i < ports.size(); i++) {
                if (ports.get(i).address().contains(failure.address())) {
                    ChangeProblem problem = check.problem(
                            failure, Pointers.ofRemote(remote.name()).bind(i));
                    PlannedRemote kept = remote.keptBack(problem);
                    SortedMap<String, PlannedRemote> stored = new TreeMap<>(wanted.stored());
                    stored.put(remote.name(), kept);
                    return wanted.withStored(stored);
                }
            }
        }
        throw failure;
    }
}
