package io.portproxy.store;

import io.portproxy.manage.Accounts;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.StoreChange;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import io.portproxy.manage.StoredRemote;
import io.portproxy.store.CannotOpenException.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An external database, with a snapshot in the data folder for a start without it.
 *
 * <p>It is <em>connected</em>; or, if the process started without the database, it <em>stands in</em> with the snapshot
 * until the database is back. If the database then has the same content, it becomes connected. Otherwise it stands in
 * until the process ends, because the running configuration differs from the database.
 */
final class DatabaseBackend implements Backend {
    private static final Logger log = LoggerFactory.getLogger(DatabaseBackend.class);

    private final ExternalDatabase external;
    private final Snapshot snapshot;
    private final Optional<SnapshotWriter> snapshots;
    private @Nullable Database database;
    private Content standIn = Content.NONE;
    private volatile Optional<String> trouble = Optional.empty();

    /** @throws CannotOpenException the operator asked for the folder, and it cannot be used */
    DatabaseBackend(StoreSettings settings, ExternalDatabase external) {
        this.external = external;
        this.snapshot = new Snapshot(settings.folder());
        this.snapshots = snapshots(settings);
    }

    private Optional<SnapshotWriter> snapshots(StoreSettings settings) {
        try {
            DataFolder.make(settings.folder());
            return Optional.of(new SnapshotWriter(snapshot));
        } catch (CannotOpenException e) {
            if (settings.folderAsked()) {
                throw e;
            }
            log.info(
                    "no snapshot is kept, so a start without the database will not know its remotes: the folder {} {}",
                    settings.folder(),
                    e.reason());
            return Optional.empty();
        }
    }

    @Override
    public StoreState.Kind kind() {
        return StoreState.Kind.DATABASE;
    }

    @Override
    public String where() {
        return external.where();
    }

    @Override
    public void open() {
        try {
            database = external.open();
        } catch (CannotOpenException e) {
            if (e.kind() != Cause.AWAY || !snapshot.exists()) {
                throw e;
            }
            standIn = read(e);
            trouble = Optional.of(standingIn(e.reason()));
            log.warn("the database {} {}", external.where(), e.reason());
            log.warn(
                    "remotes and users come from the snapshot {} and cannot be changed until the database is back",
                    snapshot.path());
        }
    }

    private Content read(CannotOpenException away) {
        try {
            return snapshot.read();
        } catch (Snapshot.UnusableException e) {
            throw new CannotOpenException(
                    Cause.AWAY,
                    away.reason() + ", and the snapshot " + snapshot.path() + " cannot be used instead: "
                            + e.getMessage(),
                    away.fix());
        }
    }

    private String standingIn(String why) {
        return "remotes and users cannot be changed: the server was started without the database " + external.where()
                + ", and has them from its snapshot; the database " + why;
    }

    /**
     * Returns the connected database. While this backend stands in, tries to connect first.
     *
     * @throws StoreException the backend must continue to stand in
     */
    private Database connected() {
        if (database != null) {
            return database;
        }
        Database back;
        try {
            back = external.open();
        } catch (CannotOpenException e) {
            throw refuse(e.reason());
        }
        try {
            if (content(back).equals(standIn)) {
                log.info("the database {} is back, and has the same content as the snapshot", external.where());
                database = back;
                snapshots.ifPresent(writer -> writer.loaded(standIn));
                standIn = Content.NONE;
                trouble = Optional.empty();
                return back;
            }
        } finally {
            if (database == null) {
                back.close();
            }
        }
        throw refuse("is back, but has other remotes or users: restart the server to take them");
    }

    private StoreException refuse(String why) {
        trouble = Optional.of(standingIn(why));
        return new StoreException(standingIn(why));
    }

    @Override
    public List<StoredRemote> load() {
        if (database == null) {
            return standIn.remotes();
        }
        Content content = content(database);
        snapshots.ifPresent(writer -> writer.loaded(content));
        return content.remotes();
    }

    private static Content content(Database database) {
        List<StoredRemote> remotes = database.read(RemoteRows::all); // first: detects later changes by others
        return new Content(database.read(RemoteRows::gateways), remotes, database.readAccounts());
    }

    @Override
    public List<GatewayDefinition> loadGateways() {
        return database == null ? standIn.gateways() : database.read(RemoteRows::gateways);
    }

    @Override
    public void save(StoreChange change) {
        write(there -> there.write(rows -> rows.save(change)));
        snapshots.ifPresent(writer -> writer.changed(change));
    }

    @Override
    public void saveLastUsed(Map<String, Instant> byTokenId) {
        if (!byTokenId.isEmpty()) {
            write(there -> there.write(rows -> rows.putLastUsed(byTokenId)));
        }
    }

    @Override
    public Accounts loadAccounts() {
        return database == null ? standIn.accounts() : database.readAccounts();
    }

    @Override
    public void saveAccounts(Accounts accounts) {
        write(there -> there.writeAccounts(accounts));
        snapshots.ifPresent(writer -> writer.changed(accounts));
    }

    @Override
    public boolean keepsUsage() {
        return true;
    }

    @Override
    public void writeUsage(Consumer<UsageRows> change) {
        write(there -> there.writeUsage(change));
    }

    @Override
    public <T> Optional<T> readUsage(Function<UsageRows, T> query) {
        return Optional.of(connected().readUsage(query));
    }

    private void write(Consumer<Database> change) {
        Database connected = connected();
        try {
            change.accept(connected);
            trouble = Optional.empty();
        } catch (StoreException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public Map<String, Instant> lastUsed() {
        return database == null ? Map.of() : database.read(RemoteRows::lastUsed);
    }

    @Override
    public Optional<String> probe() {
        try {
            trouble = connected().trouble();
        } catch (StoreException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
        }
        return trouble;
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
        snapshots.ifPresent(SnapshotWriter::close);
    }
}
