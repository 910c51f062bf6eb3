package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.Store;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import io.portproxy.usage.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps remotes, and the users and tokens of the admin API, in tables. Reads and writes them on a thread of its own. Thread-safe.
 */
public final class JdbcRemoteStore implements Store, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JdbcRemoteStore.class);
    private static final long STATE_MILLIS = 900;
    private static final String LATE =
            "the store saved a change after the time limit, and is being read again; try again in some seconds";

    /** The time limit for the opening, which may have to create or migrate tables. */
    private static final Duration OPEN_PATIENCE = Duration.ofMinutes(5);

    private final Backend backend;
    private final StoreThread thread;

    // The last known values, for calls that do not ask the database.
    private volatile Map<String, Instant> lastUsed = Map.of();
    private @Nullable CompletableFuture<Optional<String>> probe; // guarded by this

    // Set if the store has kept a change after its caller gave up, so that the callers do not know of it yet.
    private volatile boolean remotesLate;
    private volatile boolean accountsLate;

    private JdbcRemoteStore(Backend backend) {
        this(backend, StoreThread.PATIENCE);
    }

    /** @param patience the time limit for a task, including its wait for earlier tasks */
    JdbcRemoteStore(Backend backend, Duration patience) {
        this.backend = backend;
        this.thread = new StoreThread(patience);
    }

    /**
     * Opens an existing store. Creates only the tables of a database that has none.
     *
     * @throws CannotOpenException the operator asked for the store, or it exists, and it cannot be used
     */
    public static Store start(StoreSettings settings) {
        if (settings.mode() == StoreSettings.Mode.NONE) {
            return new NoStore(
                    "remotes cannot be changed here, because portproxy.store is none: remove that property, and"
                            + " set portproxy.data to a folder, or spring.datasource.url to a PostgreSQL");
        }
        if (settings.database().isPresent()) {
            return opened(new DatabaseBackend(settings, settings.database().get()));
        }
        EmbeddedFile file = new EmbeddedFile(settings.folder());
        if (settings.folderAsked()) {
            DataFolder.make(settings.folder());
        } else if (!file.exists() && settings.unusable().isPresent()) {
            String why = "the folder " + settings.folder() + " "
                    + settings.unusable().get();
            return new NoStore("remotes cannot be changed here: " + why
                    + "; set portproxy.data to a folder that can be written, or spring.datasource.url to a PostgreSQL");
        }
        FileBackend backend = new FileBackend(file, settings.folderAsked());
        return file.exists() ? opened(backend) : new JdbcRemoteStore(backend);
    }

    private static JdbcRemoteStore opened(Backend backend) {
        JdbcRemoteStore store = new JdbcRemoteStore(backend);
        try {
            store.thread.call(
                    () -> {
                        backend.open();
                        return backend;
                    },
                    OPEN_PATIENCE);
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public List<StoredRemote> load() {
        return thread.call(() -> {
            List<StoredRemote> remotes = backend.load();
            lastUsed = backend.lastUsed();
            return remotes;
        });
    }

    @Override
    public List<GatewayDefinition> loadGateways() {
        return thread.call(backend::loadGateways);
    }

    @Override
    public void save(StoreChange change) {
        thread.call(
                () -> {
                    requireKnown(remotesLate);
                    backend.save(change);
                    return backend;
                },
                () -> remotesLate = true);
    }

    @Override
    public void catchUp(Consumer<List<StoredRemote>> take) {
        if (remotesLate) {
            take.accept(load());
            remotesLate = false;
            log.info("a change of remotes that the store answered too late was read");
        }
    }

    private static void requireKnown(boolean late) {
        if (late) {
            throw new StoreException(LATE);
        }
    }

    /** Asks a database whether it answers. Does not check a file, because only a change can show whether it works. */
    @Override
    public void checkKeeps() {
        if (backend.kind() == StoreState.Kind.DATABASE) {
            trouble().ifPresent(why -> {
                throw new StoreException(why);
            });
        }
        requireKnown(remotesLate);
    }

    @Override
    public void saveLastUsed(Map<String, Instant> byTokenId) {
        thread.call(() -> {
            backend.saveLastUsed(byTokenId);
            Map<String, Instant> merged = new HashMap<>(lastUsed);
            merged.putAll(byTokenId);
            lastUsed = Map.copyOf(merged);
            return backend;
        });
    }

    @Override
    public Accounts loadAccounts() {
        return thread.call(backend::loadAccounts);
    }

    @Override
    public void saveAccounts(Accounts accounts) {
        thread.call(
                () -> {
                    requireKnown(accountsLate);
                    backend.saveAccounts(accounts);
                    return backend;
                },
                () -> accountsLate = true);
    }

    @Override
    public void catchUpAccounts(Consumer<Accounts> take) {
        if (accountsLate) {
            take.accept(loadAccounts());
            accountsLate = false;
            log.info("a change of users or API tokens that the store answered too late was read");
        }
    }

    @Override
    public UsageStore usage() {
        return new KeptUsage(thread, backend);
    }

    /** Does not ask the database. */
    @Override
    public Map<String, Instant> lastUsed() {
        return lastUsed;
    }

    /** Asks the database. Callers that come in the meantime wait for the same answer. */
    @Override
    public StoreState state() {
        return new StoreState(backend.kind(), backend.where(), trouble());
    }

    private Optional<String> trouble() {
        Optional<String> hangs = thread.hangs();
        if (hangs.isPresent()) {
            return hangs;
        }
        try {
            Optional<String> trouble = probe().get(STATE_MILLIS, TimeUnit.MILLISECONDS);
            return trouble.or(() -> remotesLate || accountsLate ? Optional.of(LATE) : Optional.empty());
        } catch (TimeoutException e) {
            return Optional.of(backend.trouble().orElse(backend.where() + " has not answered within a second"));
        } catch (ExecutionException | StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the question was interrupted");
        }
    }

    private synchronized CompletableFuture<Optional<String>> probe() {
        if (probe == null || probe.isDone()) {
            probe = thread.submit(backend::probe);
        }
        return probe;
    }

    /** Waits for the tasks that have begun, and closes the file or the connections. */
    @Override
    public void close() {
        try {
            thread.call(
                    () -> {
                        backend.close();
                        return backend;
                    },
                    StoreThread.AT_THE_END);
        } catch (StoreException e) {
            log.warn("the store could not be closed: {}", e.getMessage());
        } finally {
            thread.close();
        }
    }
}
