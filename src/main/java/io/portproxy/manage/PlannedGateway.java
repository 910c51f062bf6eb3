package io.portproxy.manage;

import io.portproxy.server.exposed.gateway.GatewaySettings;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A gateway of the desired state.
 *
 * @param definition the gateway as it is configured
 * @param file the file that declares and owns the gateway; empty if the store keeps it
 * @param settings the resolved settings; empty if the definition has errors or conflicts with others
 * @param problems why the gateway is not open: the definition has errors or conflicts, or its address cannot be listened on now. Only a
 *     gateway of the store can have problems
 */
public record PlannedGateway(
        GatewayDefinition definition,
        Optional<String> file,
        Optional<GatewaySettings> settings,
        List<ChangeProblem> problems) {

    public PlannedGateway {
        problems = List.copyOf(problems);
    }

    /** Returns a gateway that a file declares. */
    public static PlannedGateway ofFile(GatewayDefinition definition, String file, GatewaySettings settings) {
        return new PlannedGateway(definition, Optional.of(file), Optional.of(settings), List.of());
    }

    /** Returns a gateway that the store keeps. */
    static PlannedGateway ofStore(GatewayDefinition definition, DefinitionCheck.Result<GatewaySettings> result) {
        return new PlannedGateway(definition, Optional.empty(), result.settings(), result.problems());
    }

    /** Returns the gateway's name. */
    public String name() {
        return definition.name();
    }

    /** Returns whether the gateway is open, which means that it has no problems. */
    public boolean isOpen() {
        return settings.isPresent() && problems.isEmpty();
    }

    /** Returns the settings if the gateway is open. */
    Optional<GatewaySettings> opened() {
        return settings.filter(right -> isOpen());
    }

    /** Returns whether the gateway is open, or is about to open, at an address. */
    boolean isAt(SocketAddress address) {
        return opened().filter(open -> open.bind().equals(address)).isPresent();
    }

    /** Returns a copy that is not open, although its definition is correct. */
    PlannedGateway keptBack(List<ChangeProblem> why) {
        return new PlannedGateway(definition, file, settings, why);
    }
}
