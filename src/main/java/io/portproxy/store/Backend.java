package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The place where a store keeps remotes. All methods block. Only one thread uses a backend, except {@link #kind}, {@link #where}
 * and {@link #trouble}, which any thread may call.
 */
interface Backend {
    StoreState.Kind kind();

    /** Returns the path of the file, or the address of the database. */
    String where();

    /**
     * Opens the backend.
     *
     * @throws CannotOpenException the backend cannot be used
     */
    void open();

    /** See {@link io.portproxy.manage.RemoteStore#load}. Returns none if the store does not exist yet. */
    List<StoredRemote> load();

    /** See {@link io.portproxy.manage.RemoteStore#loadGateways}. Returns none if the store does not exist yet. */
    List<GatewayDefinition> loadGateways();

    /**
     * See {@link io.portproxy.manage.RemoteStore#save(StoreChange)}. Opens the backend if it is not open.
     *
     * @throws StoreException the change cannot be kept
     */
    void save(StoreChange change);

    /** See {@link io.portproxy.manage.RemoteStore#saveLastUsed}. */
    void saveLastUsed(Map<String, Instant> byTokenId);

    /** See {@link io.portproxy.manage.RemoteStore#lastUsed}. */
    Map<String, Instant> lastUsed();

    /** See {@link io.portproxy.manage.AccountStore#loadAccounts}. Returns none if the store does not exist yet. */
    Accounts loadAccounts();

    /** See {@link io.portproxy.manage.AccountStore#saveAccounts}. Opens the backend if it is not open. */
    void saveAccounts(Accounts accounts);

    /**
     * Returns whether this backend keeps usage. It does not if nobody has asked for a store and no change has created one yet.
     */
    boolean keepsUsage();

    /**
     * Changes the usage that is kept. Opens the backend if it is not open.
     *
     * @throws StoreException the change cannot be kept
     */
    void writeUsage(Consumer<UsageRows> change);

    /**
     * Reads the usage that is kept; empty if the store does not exist yet.
     *
     * @throws StoreException the usage cannot be read
     */
    <T> Optional<T> readUsage(Function<UsageRows, T> query);

    /** Checks whether the backend can be used now. Returns what is wrong; empty if it can be used. */
    Optional<String> probe();

    /** Returns what was wrong at the last use or check; empty if nothing was. Any thread. */
    Optional<String> trouble();

    void close();
}
