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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded database in a file. The first change creates the file. */
final class FileBackend implements Backend {
    private static final Logger log = LoggerFactory.getLogger(FileBackend.class);

    private final EmbeddedFile file;
    private final boolean asked;
    private @Nullable Database database;
    private volatile Optional<String> trouble = Optional.empty();

    /** @param asked whether the operator asked for the store; usage alone then creates the file */
    FileBackend(EmbeddedFile file, boolean asked) {
        this.file = file;
        this.asked = asked;
    }

    @Override
    public StoreState.Kind kind() {
        return StoreState.Kind.EMBEDDED;
    }

    @Override
    public String where() {
        return file.path().toString();
    }

    @Override
    public void open() {
        database = file.open();
    }

    private Database opened() {
        Database there = database;
        if (there != null && !there.isGivenUp()) {
            return there;
        } else if (there == null && file.exists()) {
            throw new StoreException("another process has made " + file.path()
                    + " since the server started, and it may have remotes: restart the server to take them");
        }
        try {
            return there == null ? made() : openedAgain(there);
        } catch (CannotOpenException e) {
            throw new StoreException("the store " + file.path() + " cannot be "
                    + (there == null ? "made" : "opened again") + ": its folder " + e.getMessage());
        }
    }

    private Database made() {
        Database made = file.open();
        database = made;
        log.info("remotes of the API are kept in {} from now on", file.path());
        return made;
    }

    private Database openedAgain(Database before) {
        if (!file.exists()) {
            throw new StoreException(
                    "the file " + file.path() + " is gone: put it back, or restart the server to begin with none");
        }
        Database again = file.open();
        again.continueFrom(before);
        database = again;
        log.info("the store {} was opened again", file.path());
        return again;
    }

    @Override
    public List<StoredRemote> load() {
        return database == null ? List.of() : database.read(RemoteRows::all);
    }

    @Override
    public List<GatewayDefinition> loadGateways() {
        return database == null ? List.of() : database.read(RemoteRows::gateways);
    }

    @Override
    public void save(StoreChange change) {
        write(there -> there.write(rows -> rows.save(change)));
    }

    @Override
    public Accounts loadAccounts() {
        return database == null ? Accounts.NONE : database.readAccounts();
    }

    @Override
    public void saveAccounts(Accounts accounts) {
        write(there -> there.writeAccounts(accounts));
    }

    private void write(Consumer<Database> change) {
        try {
            Database there = opened();
            file.requireRoom();
            change.accept(there);
            trouble = Optional.empty();
        } catch (StoreException e) {
            trouble = Optional.of("the last change could not be kept: " + e.getMessage());
            throw e;
        }
    }

    @Override
    public boolean keepsUsage() {
        return asked || database != null;
    }

    @Override
    public void writeUsage(Consumer<UsageRows> change) {
        write(there -> there.writeUsage(change));
    }

    @Override
    public <T> Optional<T> readUsage(Function<UsageRows, T> query) {
        return database == null ? Optional.empty() : Optional.of(opened().readUsage(query));
    }

    /** Does nothing without a file, because then there are no tokens. */
    @Override
    public void saveLastUsed(Map<String, Instant> byTokenId) {
        if (database != null && !database.isGivenUp() && !byTokenId.isEmpty()) {
            database.write(rows -> rows.putLastUsed(byTokenId));
        }
    }

    @Override
    public Map<String, Instant> lastUsed() {
        return database == null ? Map.of() : database.read(RemoteRows::lastUsed);
    }

    @Override
    public Optional<String> probe() {
        return database == null || database.isGivenUp()
                ? trouble
                : database.trouble().or(() -> trouble);
    }

    @Override
    public Optional<String> trouble() {
        return trouble;
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
