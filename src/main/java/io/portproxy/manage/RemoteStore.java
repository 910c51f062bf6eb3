package io.portproxy.manage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps gateways and remotes over restarts. Its methods block. Any thread, one at a time. */
public interface RemoteStore {

    /**
     * All remotes, by name.
     *
     * @throws StoreException they cannot be read; the message says why and what to do
     */
    List<StoredRemote> load();

    /**
     * All gateways, by name.
     *
     * @throws StoreException they cannot be read; the message says why and what to do
     */
    List<GatewayDefinition> loadGateways();

    /**
     * Keeps a change: all of it or nothing. When it returns, the change outlives a crash of the process and of the host.
     *
     * @throws StoreException it cannot be kept
     */
    void save(StoreChange change);

    /** As {@link #save(StoreChange)}, of remotes alone. */
    default void save(Collection<StoredRemote> put, Collection<String> removed) {
        save(StoreChange.ofRemotes(put, removed));
    }

    /**
     * Reads all remotes again, if a change that was given up has been kept after all. Until they are taken, no change is kept.
     * Does nothing else, and then does not block. To be called now and then.
     *
     * @param take takes over what there is; what it throws goes to the caller, and it is to be taken still
     * @throws StoreException they cannot be read
     */
    default void catchUp(Consumer<List<StoredRemote>> take) {}

    /**
     * What {@link #save(StoreChange)} would be refused for, whatever the change is, if that is known without trying.
     *
     * @throws NoStoreException there is none
     * @throws StoreException it is away
     */
    default void checkKeeps() {}

    /**
     * Keeps when tokens were used last, by their ids. What is not known any more is left out.
     *
     * @throws StoreException it cannot be kept
     */
    void saveLastUsed(Map<String, Instant> byTokenId);

    /** When tokens were used last, by their ids, as far as it is known. */
    Map<String, Instant> lastUsed();

    /** How it is doing. Does not block for more than a second. */
    StoreState state();
}
