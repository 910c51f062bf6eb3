package io.portproxy.manage;

import java.util.Optional;

/**
 * How a store is doing.
 *
 * @param kind what it is
 * @param where the file or the database's address, without a password; empty without a store
 * @param trouble why it cannot be used now; empty when it can
 */
public record StoreState(Kind kind, String where, Optional<String> trouble) {

    /** What remotes are kept in. */
    public enum Kind {
        /** Nothing: what files say is all that there is. */
        NONE,
        /** A file of this host. */
        EMBEDDED,
        /** A database that others may use too. */
        DATABASE
    }
}
