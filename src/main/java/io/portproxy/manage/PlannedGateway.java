package io.portproxy.manage;

import io.portproxy.server.exposed.GatewaySettings;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A gateway of the desired state.
 *
 * @param definition what it is
 * @param file the file that declares it, and so owns it; empty if the store has it
 * @param settings what it comes to; empty if it is wrong in itself or beside others
 * @param problems why it is not open: it is wrong, or its address cannot be listened on now. One of the store alone can have some
 */
public record PlannedGateway(
        GatewayDefinition definition,
        Optional<String> file,
        Optional<GatewaySettings> settings,
        List<ChangeProblem> problems) {

    public PlannedGateway {
        problems = List.copyOf(problems);
    }

    /** One that a file declares. */
    public static PlannedGateway ofFile(GatewayDefinition definition, String file, GatewaySettings settings) {
        return new PlannedGateway(definition, Optional.of(file), Optional.of(settings), List.of());
    }

    /** One that the store has. */
    static PlannedGateway ofStore(GatewayDefinition definition, DefinitionCheck.Result<GatewaySettings> result) {
        return new PlannedGateway(definition, Optional.empty(), result.settings(), result.problems());
    }

    /** The gateway's name. */
    public String name() {
        return definition.name();
    }

    /** Whether nothing keeps it back. */
    public boolean isOpen() {
        return settings.isPresent() && problems.isEmpty();
    }

    /** What is open of it. */
    Optional<GatewaySettings> opened() {
        return settings.filter(right -> isOpen());
    }

    /** Whether it is open, or is to be, at an address. */
    boolean isAt(SocketAddress address) {
        return opened().filter(open -> open.bind().equals(address)).isPresent();
    }

    /** The same, right in itself, but not open. */
    PlannedGateway keptBack(List<ChangeProblem> why) {
        return new PlannedGateway(definition, file, settings, why);
    }
}
