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
     * Keeps a change: all of it or nothing. Once it returns, a crash of the process or of the host does not lose the
     * change.
     *
     * @throws StoreException it cannot be kept
     */
    void save(StoreChange change);

    /** As {@link #save(StoreChange)}, of remotes alone. */
    default void save(Collection<StoredRemote> put, Collection<String> removed) {
        save(StoreChange.ofRemotes(put, removed));
    }

    /**
     * Reads all remotes again, if a change whose result was unknown may have been kept. Until they are taken, no other
     * change is kept. Otherwise it does nothing and does not block. To be called now and then.
     *
     * @param take takes all remotes; if it throws, the caller gets the exception, and the next call tries again
     * @throws StoreException they cannot be read
     */
    default void catchUp(Consumer<List<StoredRemote>> take) {}

    /**
     * Throws what {@link #save(StoreChange)} would throw for any change, if that is known without trying.
     *
     * @throws NoStoreException there is none
     * @throws StoreException it is away
     */
    default void checkKeeps() {}

    /**
     * Keeps when tokens were last used, by their ids. Ids that are no longer known are left out.
     *
     * @throws StoreException it cannot be kept
     */
    void saveLastUsed(Map<String, Instant> byTokenId);

    /** When tokens were used last, by their ids, as far as it is known. */
    Map<String, Instant> lastUsed();

    /** The state of the store. Does not block for more than a second. */
    StoreState state();
}
