package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * Looks at gateways and changes those of the store, each time one. Any thread; what changes something blocks.
 *
 * <p>What changes gateways throws, as what changes remotes does: {@link NoSuchException}, there is no such gateway; {@link
 * ConflictException}, a file declares it, its address cannot be listened on, or a host needs it; {@link InvalidChangeException}, it is
 * wrong; {@link StoreException}, it cannot be kept.
 */
public final class GatewayManager {
    private final DesiredState state;

    GatewayManager(DesiredState state) {
        this.state = state;
    }

    /** All gateways: those of files, in their order, then the store's by name. */
    public List<PlannedGateway> all() {
        return state.plan().gateways();
    }

    /** The gateway with that name. */
    public Optional<PlannedGateway> find(String name) {
        return state.plan().gateway(name);
    }

    /**
     * Makes a gateway what it is to be; adds it if there is none with its name.
     *
     * @param precondition for what there is
     */
    public Edited<GatewayDefinition> put(GatewayDefinition gateway, Precondition precondition, ChangeOptions options) {
        ChangeResult result = state.change(options, draft -> {
            draft.gateway(gateway.name())
                    .ifPresentOrElse(there -> precondition.require(Tags.of(there)), precondition::requireNothing);
            draft.put(gateway, "");
        });
        return new Edited<>(result, gateway);
    }

    /** Removes a gateway. One that a host cannot do without is not. */
    public ChangeResult remove(String name, Precondition precondition, ChangeOptions options) {
        return state.change(options, draft -> {
            GatewayDefinition there =
                    draft.gateway(name).orElseThrow(() -> new NoSuchException("no gateway has the name " + name));
            precondition.require(Tags.of(there));
            draft.removeGateway(name);
        });
    }
}
