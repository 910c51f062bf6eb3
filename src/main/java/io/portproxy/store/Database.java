package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.manage.Accounts;
import io.portproxy.manage.StoreException;
import io.portproxy.manage.StoreState;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** A database whose tables exist. All methods block. For one thread. The owner closes it. */
final class Database implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private final HikariDataSource source;
    private final StoreState.Kind kind;
    private final String where;
    private final JdbcTemplate template;
    private final RemoteRows rows;
    private final AccountRows accounts;
    private final UsageRows usage;
    private final TransactionTemplate reading;
    private final TransactionTemplate writing;
    private boolean givenUp;

    /**
     * @param source the pool, which this database will close
     * @param where the path of the file or the address of the database, for people
     */
    Database(HikariDataSource source, StoreState.Kind kind, String where) {
        this.source = source;
        this.kind = kind;
        this.where = where;
        this.template = new JdbcTemplate(source);
        this.rows = new RemoteRows(template);
        this.accounts = new AccountRows(template);
        this.usage = new UsageRows(template);
        JdbcTransactionManager transactions = new JdbcTransactionManager(source);
        this.writing = new TransactionTemplate(transactions);
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
        // Several statements must see the same state.
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * Reads in one transaction.
     *
     * @throws StoreException the database cannot be read
     */
    <T> T read(Function<RemoteRows, T> query) {
        return guarded(() -> Objects.requireNonNull(reading.execute(status -> query.apply(rows))));
    }

    /**
     * Writes in one transaction, and makes the change durable.
     *
     * @throws StoreException the change failed, or its outcome is unknown because the connection broke during the commit
     */
    void write(Consumer<RemoteRows> change) {
        guarded(() -> {
            writing.executeWithoutResult(status -> change.accept(rows));
            if (kind == StoreState.Kind.EMBEDDED) {
                // H2 commits to memory and writes to the file later, without waiting for the disk. This statement
                // writes now and waits.
                template.execute("checkpoint sync");
            }
            return where;
        });
    }

    /**
     * Reads the users and tokens of the admin API.
     *
     * @throws StoreException the database cannot be read
     */
    Accounts readAccounts() {
        return read(remotes -> accounts.all());
    }

    /**
     * Writes the users and tokens of the admin API.
     *
     * @throws StoreException as {@link #write}
     */
    void writeAccounts(Accounts all) {
        write(remotes -> {
            remotes.change();
            accounts.save(all);
        });
    }

    /**
     * Reads usage in one transaction.
     *
     * @throws StoreException the database cannot be read
     */
    <T> T readUsage(Function<UsageRows, T> query) {
        return read(remotes -> query.apply(usage));
    }

    /**
     * Writes usage. Does not mark remotes as changed, so that no other process has to read them again.
     *
     * @throws StoreException as {@link #write}
     */
    void writeUsage(Consumer<UsageRows> change) {
        write(remotes -> change.accept(usage));
    }

    /**
     * Checks whether the database answers. Returns what is wrong; empty if it answers. Blocks as long as the pool and the driver
     * may wait.
     */
    Optional<String> trouble() {
        try {
            execute("select 1");
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Executes a statement. */
    void execute(String sql) {
        guarded(() -> {
            template.execute(sql);
            return sql;
        });
    }

    private <T> T guarded(Supplier<T> action) {
        try {
            return action.get();
        } catch (DataAccessException | TransactionException e) {
            SqlTrouble trouble = SqlTrouble.of(e);
            if (kind == StoreState.Kind.EMBEDDED && !trouble.isOfValues()) {
                giveUp();
            }
            throw new StoreException(trouble.describe(kind, where));
        }
    }

    /** Continues after a database that was given up. */
    void continueFrom(Database before) {
        rows.continueFrom(before.rows);
    }

    /** Returns whether the file was closed because it could not be written or read. The file must then be opened again. */
    boolean isGivenUp() {
        return givenUp;
    }

    /**
     * Closes the file at once, and drops what H2 has not written yet, because a change that was refused must not get there later.
     * After a failed write, H2 must not be used again: it could wait for itself forever.
     */
    private void giveUp() {
        givenUp = true;
        try {
            template.execute("shutdown immediately");
        } catch (DataAccessException e) {
            log.debug("H2 has closed the file already", e);
        } finally {
            source.close();
        }
    }

    /** Closes the pool. H2 closes its file with the last connection. */
    @Override
    public void close() {
        source.close();
    }
}
