package io.portproxy.server.exposed;

/**
 * The destination of users of a host at a gateway.
 *
 * @param route the host's route
 * @param destination carries the users of the route
 */
public record GatewayWay(Route route, ExposedPort.Destination destination) {
    boolean isPassthrough() {
        return route.settings().http().isEmpty();
    }

    void accept(UserConnection user) {
        destination.accepted(user, route);
    }
}
