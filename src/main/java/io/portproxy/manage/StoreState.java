package io.portproxy.manage;

import java.util.Optional;

/**
 * The state of a store.
 *
 * @param kind the kind of store
 * @param where the file, or the database's address without a password; empty if there is no store
 * @param trouble why the store cannot be used now; empty if it can be used
 */
public record StoreState(Kind kind, String where, Optional<String> trouble) {

    /** Where remotes are kept. */
    public enum Kind {
        /** There is no store. Only files declare remotes. */
        NONE,
        /** In a file on this machine. */
        EMBEDDED,
        /** In a database, which other programs may use too. */
        DATABASE
    }
}
