package io.portproxy.testing;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.Store;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store that lasts as long as the test, and can be away. */
public final class MemoryStore implements Store {
    private final Map<String, StoredRemote> remotes = new TreeMap<>();
    private final Map<String, Instant> lastUsed = new HashMap<>();
    private Accounts accounts = Accounts.NONE;
    private volatile boolean away;

    /** From now on it cannot be written, or can again. */
    public void setAway(boolean isAway) {
        away = isAway;
    }

    @Override
    public synchronized List<StoredRemote> load() {
        return List.copyOf(remotes.values());
    }

    @Override
    public synchronized void save(Collection<StoredRemote> put, Collection<String> removed) {
        if (away) {
            throw new StoreException("the database is away");
        }
        put.forEach(remote -> remotes.put(remote.name(), remote));
        removed.forEach(remotes::remove);
    }

    @Override
    public void checkKeeps() {
        if (away) {
            throw new StoreException("the database is away");
        }
    }

    @Override
    public synchronized void saveLastUsed(Map<String, Instant> byTokenId) {
        lastUsed.putAll(byTokenId);
    }

    @Override
    public synchronized Map<String, Instant> lastUsed() {
        return Map.copyOf(lastUsed);
    }

    @Override
    public synchronized Accounts loadAccounts() {
        return accounts;
    }

    @Override
    public synchronized void saveAccounts(Accounts all) {
        if (away) {
            throw new StoreException("the database is away");
        }
        accounts = all;
    }

    @Override
    public StoreState state() {
        return new StoreState(
                StoreState.Kind.DATABASE, "memory", away ? Optional.of("the database is away") : Optional.empty());
    }
}
