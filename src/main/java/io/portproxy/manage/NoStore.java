package io.portproxy.manage;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps nothing: what files declare is all that there is. */
public final class NoStore implements RemoteStore {
    private final String why;

    /** @param why why there is none and how to get one, for whoever wants to change something */
    public NoStore(String why) {
        this.why = why;
    }

    @Override
    public List<StoredRemote> load() {
        return List.of();
    }

    /** @throws NoStoreException always */
    @Override
    public void save(Collection<StoredRemote> put, Collection<String> removed) {
        throw new NoStoreException(why);
    }

    @Override
    public void saveLastUsed(Map<String, Instant> byTokenId) {
        // There are no tokens.
    }

    @Override
    public Map<String, Instant> lastUsed() {
        return Map.of();
    }

    @Override
    public StoreState state() {
        return new StoreState(StoreState.Kind.NONE, "", Optional.empty());
    }
}
