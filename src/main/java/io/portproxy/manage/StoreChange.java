package io.portproxy.manage;

import java.util.Collection;
import java.util.List;

/**
 * What is to be kept of a change. What is both put and removed is put.
 *
 * @param gateways those that are new or have changed, as they are to be
 * @param removedGateways names of gateways that there are no more
 * @param remotes those that are new or have changed, as they are to be
 * @param removedRemotes names of remotes that there are no more
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

    /** One of remotes alone. */
    public static StoreChange ofRemotes(Collection<StoredRemote> put, Collection<String> removed) {
        return new StoreChange(List.of(), List.of(), List.copyOf(put), List.copyOf(removed));
    }

    /** One of gateways alone. */
    public static StoreChange ofGateways(Collection<GatewayDefinition> put, Collection<String> removed) {
        return new StoreChange(List.copyOf(put), List.copyOf(removed), List.of(), List.of());
    }
}
