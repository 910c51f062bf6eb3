package io.portproxy.manage;

import java.util.Collection;
import java.util.List;

/**
 * A change that the store makes. An entry that is both put and removed is put.
 *
 * @param gateways new and changed gateways
 * @param removedGateways the names of removed gateways
 * @param remotes new and changed remotes
 * @param removedRemotes the names of removed remotes
 */
public record StoreChange(
        List<GatewayDefinition> gateways,
        List<String> removedGateways,
        List<StoredRemote> remotes,
        List<String> removedRemotes) {
    public StoreChange {
        gateways = List.copyOf(gateways);
        removedGateways = List.copyOf(removedGateways);
        remotes = List.copyOf(remotes);
        removedRemotes = List.copyOf(removedRemotes);
    }

    /** Returns a change to remotes only. */
    public static StoreChange ofRemotes(Collection<StoredRemote> put, Collection<String> removed) {
        return new StoreChange(List.of(), List.of(), List.copyOf(put), List.copyOf(removed));
    }

    /** Returns a change to gateways only. */
    public static StoreChange ofGateways(Collection<GatewayDefinition> put, Collection<String> removed) {
        return new StoreChange(List.copyOf(put), List.copyOf(removed), List.of(), List.of());
    }
}
