package io.portproxy.manage;

import io.portproxy.tunnel.telemetry.Event;
import io.portproxy.tunnel.telemetry.EventSink;
import io.portproxy.tunnel.telemetry.RemoteEvents;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reporter of changes. It reports as events and log lines what has changed, what is kept back, and which addresses
 * cannot be bound.
 */
final class ChangeNews {
    private static final Logger log = LoggerFactory.getLogger(ChangeNews.class);

    private final EventSink events;
    private Map<String, String> refusedBefore = Map.of(); // the reasons, by address; under the lock of changes

    ChangeNews(EventSink events) {
        this.events = events;
    }

    private RemoteEvents ofServer() {
        return new RemoteEvents(events, true, "");
    }

    /** Reports a change that was made. */
    void changed(ChangeResult change) {
        change.gateways().forEach(this::tell);
        change.steps().forEach(this::tell);
    }

    private void tell(ChangeResult.GatewayStep step) {
        Event.Type type = step.before().isEmpty()
                ? Event.Type.GATEWAY_ADDED
                : step.after().isEmpty() ? Event.Type.GATEWAY_REMOVED : Event.Type.GATEWAY_CHANGED;
        ofServer().gateway(type, step.gateway());
    }

    private void tell(ChangeResult.Step step) {
        RemoteEvents remote = new RemoteEvents(events, true, step.remote());
        if (step.before().isEmpty()) {
            remote.added();
        } else if (step.after().isEmpty()) {
            remote.removed();
        } else {
            remote.changed();
        }
    }

    /** Logs a warning for each gateway and remote of the store that is kept back, unless it was already kept back for the same reasons. */
    void keptBack(Plan now, Plan next) {
        next.storedGateways().forEach((name, gateway) -> {
            PlannedGateway before = now.storedGateways().get(name);
            if (before == null || !before.problems().equals(gateway.problems())) {
                warnOf("a gateway of the store is not open", gateway.problems());
            }
        });
        next.stored().values().forEach(remote -> {
            PlannedRemote before = now.stored().get(remote.name());
            if (before == null || !before.problems().equals(remote.problems())) {
                warnOf("a remote of the store is not exposed", remote.problems());
            }
        });
    }

    private static void warnOf(String what, List<ChangeProblem> problems) {
        problems.forEach(problem -> log.warn(
                "{}: {} {} {}; {}",
                what,
                problem.pointer(),
                problem.value().orElse(""),
                problem.reason(),
                problem.fix()));
    }

    /**
     * Reports addresses that cannot be bound, except those that the previous call got with the same reason. Under the lock
     * of changes.
     *
     * @param refused the reason, by address
     */
    void bindRefused(Map<String, String> refused) {
        refused.forEach((address, why) -> {
            if (!why.equals(refusedBefore.get(address))) {
                bindRefused(address, why);
            }
        });
        refusedBefore = Map.copyOf(refused);
    }

    /** Reports an address that cannot be bound. Any thread. */
    void bindRefused(String address, String why) {
        ofServer().bindRefused(address, why);
    }
}
