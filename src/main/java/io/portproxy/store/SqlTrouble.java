package io.portproxy.store;

import io.portproxy.manage.StoreState;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What went wrong in a database, in words that can be shown to anybody: messages of databases may have rows in them, and so keys,
 * and those of drivers an address with a password.
 *
 * @param sqlState of five letters (SQL:2016, part 2, 24.1); empty if there is none
 * @param code the database's own number; 0 if there is none
 * @param text what it says, if that has no value of a row in it; else empty
 */
record SqlTrouble(String sqlState, int code, String text) {

    /** From what was thrown: the innermost exception that knows a state has seen it. */
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

    /** Wrong data, a constraint: such a message quotes what was to be written. */
    private static boolean hasValues(String state) {
        return state.startsWith("22") || state.startsWith("23");
    }

    /** H2 appends the statement. */
    private static String text(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        int statement = message.indexOf("; SQL statement:");
        String text = statement < 0 ? message : message.substring(0, statement);
        return text.replaceAll("(?i)(password|pwd)=[^&;\\s]*", "$1=…").strip();
    }

    /** Whether what was to be written is wrong, and not the database. */
    boolean isOfValues() {
        return hasValues(sqlState);
    }

    /** Whether there is no connection, which may come back. */
    boolean isAway() {
        return sqlState.isEmpty()
                || sqlState.startsWith("08")
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53");
    }

    /** A line for people. */
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
