package io.portproxy.manage;

import java.util.List;
import java.util.Optional;

/**
 * Shows gateways, and changes those of the store, one gateway at a time. Any thread. Methods that change something block.
 *
 * <p>Methods that change gateways throw {@link NoSuchException} if the gateway does not exist; {@link ConflictException} if a file declares
 * it, if its address cannot be listened on, or if a host needs it; {@link InvalidChangeException} if the definition has errors; and
 * {@link StoreException} if the change cannot be kept.
 */
public final class GatewayManager {
    private final DesiredState state;

    GatewayManager(DesiredState state) {
        this.state = state;
    }

    /** Returns all gateways: first those of files, in their order, then the store's, by name. */
    public List<PlannedGateway> all() {
        return state.plan().gateways();
    }

    /** Returns the gateway with that name. */
    public Optional<PlannedGateway> find(String name) {
        return state.plan().gateway(name);
    }

    /**
     * Replaces the gateway with the same name, or adds it.
     *
     * @param precondition checks the current gateway
     */
    public Edited<GatewayDefinition> put(GatewayDefinition gateway, Precondition precondition, ChangeOptions options) {
        ChangeResult result = state.change(options, draft -> {
            draft.gateway(gateway.name())
                    .ifPresentOrElse(there -> precondition.require(Tags.of(there)), precondition::requireNothing);
            draft.put(gateway, "");
        });
        return new Edited<>(result, gateway);
    }

    /** Removes a gateway. Fails if a host needs it. */
    public ChangeResult remove(String name, Precondition precondition, ChangeOptions options) {
        return state.change(options, draft -> {
            GatewayDefinition there =
                    draft.gateway(name).orElseThrow(() -> new NoSuchException("no gateway has the name " + name));
            precondition.require(Tags.of(there));
            draft.removeGateway(name);
        });
    }
}
