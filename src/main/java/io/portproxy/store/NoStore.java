package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.NoStoreException;
import io.portproxy.manage.Store;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps nothing. Its errors say how to get a store. */
final class NoStore implements Store {
    private final String why;

    /** @param why why there is no store, and how to get one */
    NoStore(String why) {
        this.why = why;
    }

    @Override
    public List<StoredRemote> load() {
        return List.of();
    }

    @Override
    public List<GatewayDefinition> loadGateways() {
        return List.of();
    }

    @Override
    public void save(StoreChange change) {
        checkKeeps();
    }

    @Override
    public void checkKeeps() {
        throw new NoStoreException(why);
    }

    /** Does nothing, because there are no tokens. */
    @Override
    public void saveLastUsed(Map<String, Instant> byTokenId) {}

    @Override
    public Map<String, Instant> lastUsed() {
        return Map.of();
    }

    @Override
    public Accounts loadAccounts() {
        return Accounts.NONE;
    }

    @Override
    public void saveAccounts(Accounts accounts) {
        throw new NoStoreException(why);
    }

    @Override
    public StoreState state() {
        return new StoreState(StoreState.Kind.NONE, "", Optional.empty());
    }
}
