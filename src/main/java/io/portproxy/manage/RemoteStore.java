package io.portproxy.manage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps gateways and remotes over restarts. Its methods block. Any thread, but only one call at a time. */
public interface RemoteStore {

    /**
     * Returns all remotes, by name.
     *
     * @throws StoreException they cannot be read; the message says why and what to do
     */
    List<StoredRemote> load();

    /**
     * Returns all gateways, by name.
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

    /** Keeps a change to remotes as {@link #save(StoreChange)} does. */
    default void save(Collection<StoredRemote> put, Collection<String> removed) {
        save(StoreChange.ofRemotes(put, removed));
    }

    /**
     * Reads all remotes again, if a change whose result was unknown may have been kept. Until they are taken, no other change is kept.
     * Otherwise it does nothing and does not block. Must be called regularly.
     *
     * @param take takes all remotes; if it throws, the caller gets the exception, and the next call tries again
     * @throws StoreException they cannot be read
     */
    default void catchUp(Consumer<List<StoredRemote>> take) {}

    /**
     * Throws the exception that {@link #save(StoreChange)} would throw for any change, if that is known without a try.
     *
     * @throws NoStoreException there is no store
     * @throws StoreException the store cannot be reached
     */
    default void checkKeeps() {}

    /**
     * Keeps when tokens were last used, by their ids. Ignores ids of tokens that no longer exist.
     *
     * @throws StoreException it cannot be kept
     */
    void saveLastUsed(Map<String, Instant> byTokenId);

    /** Returns when tokens were last used, by their ids. Contains only the tokens for which the time is known. */
    Map<String, Instant> lastUsed();

    /** Returns the state of the store. Does not block for more than a second. */
    StoreState state();
}
