package io.portproxy.server.exposed;

/**
 * Where users of a host at a gateway go.
 *
 * @param route the host's
 * @param destination who carries its users
 */
public record GatewayWay(Route route, ExposedPort.Destination destination) {
    boolean isPassthrough() {
        return route.settings().http().isEmpty();
    }

    void accept(UserConnection user) {
        destination.accepted(user, route);
    }
}
