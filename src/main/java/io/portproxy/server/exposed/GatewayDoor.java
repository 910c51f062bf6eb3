package io.portproxy.server.exposed;

/**
 * Who may connect to a gateway before it is known for which host.
 *
 * @param access who may use what has no list of its own
 * @param forAllHosts whether no host has
 */
public record GatewayDoor(Access access, boolean forAllHosts) {
    /** For everybody. */
    public static final GatewayDoor OPEN = new GatewayDoor(Access.ALL, true);

    boolean admits(UserConnection user) {
        return access.admits(user.user().getAddress());
    }
}
