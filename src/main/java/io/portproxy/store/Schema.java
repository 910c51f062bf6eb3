package io.portproxy.store;

import io.portproxy.store.CannotOpenException.Cause;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables and their version. Flyway creates them. If the tables are the newest, Flyway is not started. */
final class Schema {
    /** The newest migration. */
    static final int NEWEST = 11;

    private Schema() {}

    /** The state of the tables. */
    enum State {
        /** There are none of PortProxy's tables. */
        NONE,
        /** The tables are from an earlier version, or are incomplete. */
        OLD,
        /** The tables are those that this program knows. */
        NEWEST,
        /** The tables are from a version that this program does not know. */
        NEWER
    }

    /**
     * Finds out the state of the tables, and changes nothing.
     *
     * @throws DataAccessException the database does not answer
     */
    static State state(JdbcClient client) {
        try {
            List<String> versions = client.sql(
                            "select \"version\" from \"flyway_schema_history\" where \"version\" is not null and \"success\"")
                    .query(String.class)
                    .list();
            int version = versions.stream().mapToInt(Schema::major).max().orElse(0);
            return version > NEWEST ? State.NEWER : version == NEWEST ? State.NEWEST : State.OLD;
        } catch (BadSqlGrammarException e) {
            return State.NONE; // there is no such table
        }
    }

    private static int major(String version) {
        return Integer.parseInt(version.replaceFirst("[._].*", ""));
    }

    /**
     * Migrates the tables to the newest version. Does nothing if they already have it.
     *
     * @throws CannotOpenException the database has tables that this program does not know
     * @throws DataAccessException the database does not answer
     */
    static void migrate(DataSource source) {
        State state = state(JdbcClient.create(source));
        if (state == State.NEWER) {
            throw new CannotOpenException(
                    Cause.CONTENT,
                    "was written by a newer version of PortProxy, whose tables this one does not know",
                    "start that version again, or restore a backup of before");
        } else if (state != State.NEWEST) {
            makeThem(source);
        }
    }

    private static void makeThem(DataSource source) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            SqlTrouble trouble = SqlTrouble.of(e);
            if (trouble.isAway() && !trouble.sqlState().isEmpty()) {
                throw new CannotOpenException(
                        Cause.AWAY, "cannot be reached: " + trouble.text(), "see that the database runs");
            }
            throw new CannotOpenException(
                    Cause.CONTENT,
                    trouble.sqlState().isEmpty()
                            ? "has tables that are not PortProxy's, or have been changed by others"
                            : "refuses PortProxy's tables: " + trouble.text(),
                    "give PortProxy a database or schema of its own, with the right to make tables");
        }
    }
}
