package io.portproxy.manage;

import java.util.function.Consumer;

/** Keeps the users and tokens of the admin API over restarts. Its methods block. Any thread, but only one call at a time. */
public interface AccountStore {

    /**
     * Returns all users and tokens.
     *
     * @throws StoreException they cannot be read
     */
    Accounts loadAccounts();

    /**
     * Replaces all users and tokens, completely or not at all. Once it returns, a crash of the process or of the host does not lose them.
     *
     * @throws StoreException they cannot be kept
     */
    void saveAccounts(Accounts accounts);

    /**
     * Reads all users and tokens again, if a change whose result was unknown may have been kept. Until they are taken, no other change is
     * kept. Otherwise it does nothing and does not block. Must be called regularly.
     *
     * @param take takes all users and tokens; if it throws, the caller gets the exception, and the next call tries again
     * @throws StoreException they cannot be read
     */
    default void catchUpAccounts(Consumer<Accounts> take) {}
}
