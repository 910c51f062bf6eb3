package io.portproxy.testing;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.Store;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A store that keeps everything in memory, and that a test can make unavailable. */
public final class MemoryStore implements Store {
    private final Map<String, GatewayDefinition> gateways = new TreeMap<>();
    private final Map<String, StoredRemote> remotes = new TreeMap<>();
    private final Map<String, Instant> lastUsed = new HashMap<>();
    private Accounts accounts = Accounts.NONE;
    private volatile boolean away;

    private boolean slow;
    private volatile boolean remotesLate;
    private volatile boolean accountsLate;

    /** Makes the next change of remotes or accounts time out for its caller, although the store keeps the change. */
    public synchronized void setSlow() {
        slow = true;
    }

    /** Returns another store that keeps the same remotes and gateways. */
    public synchronized MemoryStore copy() {
        MemoryStore copy = new MemoryStore();
        copy.remotes.putAll(remotes);
        copy.gateways.putAll(gateways);
        return copy;
    }

    /** Ends what {@link #setSlow} and {@link #setAway} have begun. A late change stays late until the server asks for it. */
    public synchronized void recover() {
        slow = false;
        away = false;
    }

    /** Makes the store fail on each write from now on, or lets it work again. */
    public void setAway(boolean isAway) {
        away = isAway;
    }

    @Override
    public synchronized List<StoredRemote> load() {
        return List.copyOf(remotes.values());
    }

    @Override
    public synchronized List<GatewayDefinition> loadGateways() {
        return List.copyOf(gateways.values());
    }

    @Override
    public synchronized void save(StoreChange change) {
        require(remotesLate);
        change.removedGateways().forEach(gateways::remove);
        change.gateways().forEach(gateway -> gateways.put(gateway.name(), gateway));
        change.remotes().forEach(remote -> remotes.put(remote.name(), remote));
        change.removedRemotes().forEach(remotes::remove);
        if (slow) {
            remotesLate = true;
            throw givenUp();
        }
    }

    private void require(boolean late) {
        if (away) {
            throw new StoreException("the database is away");
        } else if (late) {
            throw new StoreException("the last change is not known yet");
        }
    }

    private StoreException givenUp() {
        slow = false;
        return new StoreException("the store hangs");
    }

    @Override
    public void catchUp(Consumer<List<StoredRemote>> take) {
        if (remotesLate) {
            take.accept(load());
            remotesLate = false;
        }
    }

    @Override
    public void catchUpAccounts(Consumer<Accounts> take) {
        if (accountsLate) {
            take.accept(loadAccounts());
            accountsLate = false;
        }
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
        require(accountsLate);
        accounts = all;
        if (slow) {
            accountsLate = true;
            throw givenUp();
        }
    }

    @Override
    public StoreState state() {
        return new StoreState(
                StoreState.Kind.DATABASE, "memory", away ? Optional.of("the database is away") : Optional.empty());
    }
}
