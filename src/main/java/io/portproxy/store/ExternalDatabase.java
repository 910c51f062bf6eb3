package io.portproxy.store;

import com.zaxxer.hikari.HikariDataSource;
import io.portproxy.manage.StoreState;
import io.portproxy.store.CannotOpenException.Cause;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/**
 * A database that other programs may use as well: PostgreSQL.
 *
 * @param where the address, without a user, password or options
 * @param pool creates a pool of connections to it, without connecting
 */
public record ExternalDatabase(String where, Supplier<HikariDataSource> pool) {

    /** Returns whether a database can be used, by its URL. */
    public static boolean isKnown(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** Returns the part of a URL that may be shown to anybody. */
    public static String where(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
    }

    /**
     * Connects, and creates the tables if there are none.
     *
     * @throws CannotOpenException the database does not answer, or cannot be used
     */
    Database open() {
        HikariDataSource source = pool.get();
        try {
            Schema.migrate(source);
            return new Database(source, StoreState.Kind.DATABASE, where);
        } catch (DataAccessException e) {
            source.close();
            throw failure(SqlTrouble.of(e));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static CannotOpenException failure(SqlTrouble trouble) {
        if (trouble.sqlState().startsWith("28")) {
            return new CannotOpenException(
                    Cause.REFUSED,
                    "does not let PortProxy in: " + trouble.text(),
                    "set spring.datasource.username and spring.datasource.password to what the database knows");
        } else if (trouble.isAway()) {
            return new CannotOpenException(
                    Cause.AWAY,
                    "cannot be reached: " + trouble.text(),
                    "see that the database runs, and that host and port in the URL are right");
        }
        return new CannotOpenException(
                Cause.REFUSED,
                "cannot be used: " + trouble.text(),
                "make the database, or write the URL of one that there is");
    }
}
