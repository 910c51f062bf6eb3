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

/** A database whose tables are there. Blocks. For one thread; closed by its owner. */
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
     * Takes over a pool.
     *
     * @param where the file or the database's address, for people
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
        // Several statements, which must see the same.
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /**
     * Reads in one transaction.
     *
     * @throws StoreException it cannot be read
     */
    <T> T read(Function<RemoteRows, T> query) {
        return guarded(() -> Objects.requireNonNull(reading.execute(status -> query.apply(rows))));
    }

    /**
     * Writes in one transaction, and makes it durable.
     *
     * @throws StoreException it cannot be written, or nobody knows whether it was: the connection broke while it was committed
     */
    void write(Consumer<RemoteRows> change) {
        guarded(() -> {
            writing.executeWithoutResult(status -> change.accept(rows));
            if (kind == StoreState.Kind.EMBEDDED) {
                // H2 commits to memory and writes later, without asking the disk. This writes now, and waits for the
                // disk.
                template.execute("checkpoint sync");
            }
            return where;
        });
    }

    /**
     * Reads who may use the admin API.
     *
     * @throws StoreException it cannot be read
     */
    Accounts readAccounts() {
        return read(remotes -> accounts.all());
    }

    /**
     * Writes who may use the admin API.
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
     * @throws StoreException it cannot be read
     */
    <T> T readUsage(Function<UsageRows, T> query) {
        return read(remotes -> query.apply(usage));
    }

    /**
     * Writes usage. Remotes are not touched, so that no other process has to read them again.
     *
     * @throws StoreException as {@link #write}
     */
    void writeUsage(Consumer<UsageRows> change) {
        write(remotes -> change.accept(usage));
    }

    /** Asks the database whether it is there; what is wrong if not. Blocks for as long as the pool and the driver may wait. */
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

    /** Goes on where this one ended, which has been given up. */
    void continueFrom(Database before) {
        rows.continueFrom(before.rows);
    }

    /** Whether the file was closed because it could not be written or read: it is to be opened again. */
    boolean isGivenUp() {
        return givenUp;
    }

    /**
     * Closes the file, and what is not in it yet is lost: nothing that was refused may get there later. H2 that could not write is not to be
     * asked for anything else, as it may wait for itself for ever.
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

    /** H2 closes its file with the last connection. */
    @Override
    public void close() {
        source.close();
    }
}
