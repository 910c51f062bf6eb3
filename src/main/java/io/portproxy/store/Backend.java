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

/** What a store keeps remotes in. Blocks. For one thread, but for {@link #kind}, {@link #where} and {@link #trouble}. */
interface Backend {
    StoreState.Kind kind();

    /** The file or the database's address. */
    String where();

    /**
     * Gets ready.
     *
     * @throws CannotOpenException it cannot be used
     */
    void open();

    /** See {@link io.portproxy.manage.RemoteStore#load}; nothing where there is nothing yet. */
    List<StoredRemote> load();

    /** See {@link io.portproxy.manage.RemoteStore#loadGateways}; none where there is nothing yet. */
    List<GatewayDefinition> loadGateways();

    /**
     * See {@link io.portproxy.manage.RemoteStore#save(StoreChange)}; gets ready if it is not.
     *
     * @throws StoreException it cannot be kept
     */
    void save(StoreChange change);

    /** See {@link io.portproxy.manage.RemoteStore#saveLastUsed}. */
    void saveLastUsed(Map<String, Instant> byTokenId);

    /** See {@link io.portproxy.manage.RemoteStore#lastUsed}. */
    Map<String, Instant> lastUsed();

    /** See {@link io.portproxy.manage.AccountStore#loadAccounts}; nobody where there is nothing yet. */
    Accounts loadAccounts();

    /** See {@link io.portproxy.manage.AccountStore#saveAccounts}; gets ready if it is not. */
    void saveAccounts(Accounts accounts);

    /** Whether there is a place for usage: not where nobody has asked for a store, and no change has made it yet. */
    boolean keepsUsage();

    /**
     * Changes what is kept of usage; gets ready if it is not.
     *
     * @throws StoreException it cannot be kept
     */
    void writeUsage(Consumer<UsageRows> change);

    /**
     * Reads what is kept of usage; empty where there is nothing yet.
     *
     * @throws StoreException it cannot be read
     */
    <T> Optional<T> readUsage(Function<UsageRows, T> query);

    /** Asks whether it can be used now. What is wrong if not. */
    Optional<String> probe();

    /** What was wrong when it was last used or asked. Any thread. */
    Optional<String> trouble();

    void close();
}
