package io.portproxy.store;

import io.portproxy.manage.StoreState;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A failure of a database, in words that may be shown to anybody. The messages of databases may contain rows, and so keys. Those
 * of drivers may contain an address with a password.
 *
 * @param sqlState five characters (SQL:2016, part 2, 24.1); empty if there is none
 * @param code the database's own number; 0 if there is none
 * @param text the message; empty if it could contain a value of a row
 */
record SqlTrouble(String sqlState, int code, String text) {

    /** Creates a failure from an exception. Uses the innermost exception with a state. */
    static SqlTrouble of(Throwable thrown) {
        Optional<SQLException> found = causes(thrown)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(e -> e.getSQLState() != null)
                .reduce((outer, inner) -> inner);
        String io = causes(thrown)
                .filter(IOException.class::isInstance)
                .reduce((outer, inner) -> inner)
                .map(SqlTrouble::text)
                .orElse("");
        if (found.isEmpty()) {
            return new SqlTrouble("", 0, io);
        }
        String state = found.get().getSQLState();
        String text = hasValues(state) ? "" : text(found.get());
        return new SqlTrouble(state, found.get().getErrorCode(), io.isEmpty() ? text : io);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }

    /** Returns whether the state means wrong data or a violated constraint. Such a message quotes the values. */
    private static boolean hasValues(String state) {
        return state.startsWith("22") || state.startsWith("23");
    }

    /** Returns the message without passwords, and without the statement that H2 appends. */
    private static String text(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        int statement = message.indexOf("; SQL statement:");
        String text = statement < 0 ? message : message.substring(0, statement);
        return text.replaceAll("(?i)(password|pwd)=[^&;\\s]*", "$1=…").strip();
    }

    /** Returns whether the values are wrong, and not the database. */
    boolean isOfValues() {
        return hasValues(sqlState);
    }

    /** Returns whether there is no connection, or the database accepts none now. This may pass. */
    boolean isAway() {
        return sqlState.isEmpty()
                || sqlState.startsWith("08")
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53");
    }

    /** Returns a line for people. */
    String describe(StoreState.Kind kind, String where) {
        String what = kind == StoreState.Kind.EMBEDDED ? "the file " + where : "the database " + where;
        if (kind == StoreState.Kind.DATABASE && isAway()) {
            return what + " cannot be reached" + reason();
        }
        return what + " refuses it" + reason() + (sqlState.isEmpty() ? "" : " (SQLSTATE " + sqlState + ")");
    }

    private String reason() {
        return text.isEmpty() ? "" : ": " + text.lines().findFirst().orElse("");
    }
}
