package io.portproxy.server.exposed;

import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.tunnel.telemetry.TunnelAbilities;
import io.portproxy.tunnel.telemetry.TunnelView;
import java.util.List;
import java.util.Optional;

/**
 * The rules by which the users of a route are refused before there is a stream. They decide about users who connect,
 * and say in views what would be decided now. The access list and the limits for one user are not among them. Any
 * thread.
 */
public final class RefusalRules {
    private final RouteSettings settings;
    private final AddressState state;

    RefusalRules(RouteSettings settings, AddressState state) {
        this.settings = settings;
        this.state = state;
    }

    /** Returns why all users are refused; empty if they may go on to a tunnel. */
    public Optional<PortRefusal> refusal() {
        if (!settings.enabled()) {
            return Optional.of(PortRefusal.DISABLED);
        }
        return state.usedUp().get() ? Optional.of(PortRefusal.QUOTA) : Optional.empty();
    }

    /**
     * Returns why users are refused when no tunnel takes another stream.
     *
     * @param away whether the remote has no tunnel at all
     */
    public PortRefusal refusalWithoutTunnel(boolean away) {
        return away ? PortRefusal.REMOTE_AWAY : PortRefusal.LIMIT;
    }

    /** Returns why that tunnel cannot carry users of the route; empty if it can when it takes another stream. */
    public Optional<PortRefusal> refusalBy(TunnelAbilities tunnel) {
        boolean carries = settings.udp().isPresent()
                ? tunnel.carriesDatagrams()
                : settings.targetHost().isEmpty() || tunnel.speaksExtended();
        if (!carries) {
            return Optional.of(PortRefusal.DIALECT);
        }
        return settings.proxyProtocol().isEmpty() || tunnel.takesFirstBytes()
                ? Optional.empty()
                : Optional.of(PortRefusal.PROXY_PROTOCOL);
    }

    /**
     * Returns why a user who connects now would be refused at once; empty if the user would not be.
     *
     * @param tunnels the tunnels of the remote that are up
     */
    Optional<PortRefusal> refusalNow(List<TunnelView> tunnels) {
        Optional<PortRefusal> always = refusal();
        List<TunnelView> available =
                tunnels.stream().filter(TunnelView::available).toList();
        if (always.isPresent()) {
            return always;
        } else if (available.isEmpty()) {
            return Optional.of(refusalWithoutTunnel(tunnels.isEmpty()));
        } else if (state.limits().isFull()) {
            return Optional.of(PortRefusal.LIMIT_CONNECTIONS);
        }
        List<PortRefusal> refusals =
                available.stream().flatMap(each -> refusalBy(each).stream()).toList();
        return refusals.size() == available.size() ? Optional.of(refusals.get(0)) : Optional.empty();
    }
}
