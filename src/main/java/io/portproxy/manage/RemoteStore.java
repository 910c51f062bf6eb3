package io.portproxy.manage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps remotes over restarts. Its methods block. Any thread, one at a time. */
public interface RemoteStore {

    /**
     * All remotes, by name.
     *
     * @throws StoreException they cannot be read; the message says why and what to do
     */
    List<StoredRemote> load();

    /**
     * Keeps a change: all of it or nothing. When it returns, the change outlives a crash of the process and of the host.
     *
     * @param put remotes that are new or have changed, as they are to be
     * @param removed names of remotes that there are no more
     * @throws StoreException it cannot be kept
     */
    void save(Collection<StoredRemote> put, Collection<String> removed);

    /**
     * What {@link #save} would be refused for, whatever the change is, if that is known without trying.
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
